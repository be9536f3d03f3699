// A drawing stands in the page itself, within a shadow root: no style comes in and no id goes out. As an <img> it would be
// a page of its own to the browser, which takes three times as long; so does a <use> for each glyph.

const SVG = "data:image/svg+xml;base64,";
const CARRIED = "image:";
const OURS = 'role="img" aria-labelledby="t d"';

// HTML -> a function that makes it, anew for each view. On a page without Python, `image:3` is one of the drawings that
// the page carries.
function drawings(html, carried) {
  const page = document.createElement("template");
  page.innerHTML = html;
  const found = [...page.content.querySelectorAll(`img[src^="${SVG}"], img[src^="${CARRIED}"]`)].map((img) => {
    const src = img.getAttribute("src");
    const svg = src.startsWith(SVG)
      ? new TextDecoder().decode(bytesOf(src.slice(SVG.length)))
      : carried[src.slice(CARRIED.length)];
    const place = element("div", { class: "ll-image", role: "img", "aria-label": img.alt });
    for (const name of ["style", "tabindex"]) if (img.hasAttribute(name)) place.setAttribute(name, img.getAttribute(name));
    img.replaceWith(place);
    return inPaths(svg);
  });
  return () => {
    const made = document.importNode(page.content, true);
    made.querySelectorAll(".ll-image").forEach((place, i) => {
      const wide = place.style.width ? "width: 100%;" : ""; // otherwise as wide as it says itself
      place.attachShadow({ mode: "open" }).innerHTML =
        `<style>svg { display: block; max-width: 100%; height: auto; ${wide} }</style>${found[i]}`;
    });
    made.querySelectorAll("img").forEach((img) => (img.decoding = "sync"));
    return made;
  };
}

const glyphs = new Map(); // a <use>, so a glyph at its place in a run -> its outline there; all pictures have one font

// What is written in one go becomes one path. The words are the place's own. Drawings from elsewhere stay as they are.
function inPaths(svg) {
  if (!svg.includes(OURS)) return svg;
  const outlines = new Map(Array.from(svg.matchAll(/<path id="(g\d+)" d="([^"]*)"/g), ([, id, outline]) => [id, outline]));
  const there = (use) => {
    if (!glyphs.has(use)) {
      const [, id, right = 0] = use.match(/#(g\d+)"(?: x="([^"]*)")?/);
      const moved = (_, x) => `M${Number(x) + Math.round(right)}`;
      glyphs.set(use, outlines.get(id).replace(/M(-?\d+)/g, moved));
    }
    return glyphs.get(use);
  };
  return svg
    .replace(/<title[^]*?<\/desc>/, "")
    .replace(OURS, 'aria-hidden="true"')
    .replace(/<path id="g\d+"[^>]*>/g, "")
    .replace(/<use href="(#g\d+")( transform="[^"]*")\/>/g, (_, id, moved) => `<path${moved} d="${there(id)}"/>`)
    .replace(/(?:<use href="#g\d+"(?: x="[^"]*")?\/>)+/g, (run) => {
      return `<path d="${run.split("<use").slice(1).map(there).join("")}"/>`;
    })
    .replace(/<g([^>]*)>(<path d="[^"]*")\/><\/g>/g, "$2$1/>");
}
