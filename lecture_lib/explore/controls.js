// The controls of explorers, all of them the browser's own, and what in a picture can be clicked or dragged.

const BUILDERS = { slider: range, choice: select, toggle: checkbox, steps: scrubber };

// A control in its row: its label, the control itself, and what stands beside it.
function labelled(label, input, beside = element("span")) {
  input.id = fresh("ll-control");
  const row = element("div", { class: "ll-row" });
  row.append(element("label", { for: input.id }, label), input, beside);
  return row;
}

function list(texts) {
  const input = element("select");
  texts.forEach((text, i) => input.append(element("option", { value: i }, text)));
  return input;
}

function range(control, on) {
  const input = element("input", { type: "range", min: 0, max: control.texts.length - 1, step: 1 });
  // The widest text keeps its place, so that nothing shifts while the value changes.
  const widest = Math.max(...control.texts.map((text) => text.length));
  const value = control.numbers ? typed(control, on) : element("span", { class: "ll-value", "aria-hidden": "true" });
  value.style[control.numbers ? "width" : "minWidth"] = `calc(${widest}ch + ${control.numbers ? 1 : 0}rem)`;
  let now = 0;
  if (control.numbers) draggable(value, () => now, on.move);
  input.addEventListener("input", () => on.move(Number(input.value)));
  return {
    row: labelled(control.label, input, value),
    show(i) {
      now = i;
      input.value = i;
      input.setAttribute("aria-valuetext", control.texts[i]);
      value[control.numbers ? "value" : "textContent"] = control.texts[i];
    },
  };
}

// A slider's number, to be typed: the nearest one that can be chosen is taken.
function typed(control, on) {
  const field = element("input", {
    class: "ll-value",
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-label": `${control.label}: type a number`,
    title: "Type a number, or press and drag it to the left or right",
  });
  let before = "";
  field.addEventListener("focus", () => {
    before = field.value;
    field.select();
  });
  const take = () => {
    if (field.value === before) return;
    const wanted = Number(field.value.trim().replace("−", "-").replace(",", "."));
    if (!field.value.trim() || Number.isNaN(wanted)) {
      on.say(`${field.value.trim() || "Nothing"} is not a number. ${control.label} stays ${before}.`);
      field.value = before;
      return;
    }
    const to = nearest(control.numbers, wanted);
    field.value = before = control.texts[to];
    on.move(to);
  };
  field.addEventListener("change", take);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) take();
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    on.step(by);
    before = field.value;
  });
  return field;
}

const PIXELS = 6; // of dragging, for one value further

function nearest(numbers, wanted) {
  const distances = numbers.map((number) => Math.abs(number - wanted));
  return distances.indexOf(Math.min(...distances));
}

// Press, hold and drag: the value follows. A press that is not moved stays a click.
function draggable(target, now, move, pressed = () => true) {
  target.addEventListener("pointerdown", (down) => {
    if (down.button !== 0 || !pressed(down)) return;
    const from = now();
    let dragging = false;
    const follow = (event) => {
      const by = event.clientX - down.clientX;
      if (!dragging && Math.abs(by) < PIXELS) return;
      dragging = true;
      target.classList.add("ll-dragging");
      event.preventDefault();
      move(from + Math.round(by / PIXELS));
    };
    const end = () => {
      target.removeEventListener("pointermove", follow);
      target.removeEventListener("pointerup", end);
      target.removeEventListener("pointercancel", end);
      target.classList.remove("ll-dragging");
      if (!dragging) return;
      const swallow = (event) => event.stopImmediatePropagation();
      target.addEventListener("click", swallow, { capture: true });
      setTimeout(() => target.removeEventListener("click", swallow, { capture: true })); // this one's click only
    };
    target.setPointerCapture(down.pointerId);
    target.addEventListener("pointermove", follow);
    target.addEventListener("pointerup", end);
    target.addEventListener("pointercancel", end);
  });
}

// The picture's named places: a click goes to what has the name, or to the place in a chart whose axes have sliders; a
// number that has a slider is dragged.
function touchable(picture, spec, on) {
  const under = (event) => {
    const images = [...picture.querySelectorAll(".ll-image, img")];
    for (const [image, name, left, top, width, height, axes] of on.places()) {
      const box = images[image]?.getBoundingClientRect();
      if (!box) continue;
      const right = (event.clientX - box.left - left * box.width) / (width * box.width);
      const down = (event.clientY - box.top - top * box.height) / (height * box.height);
      if (Math.min(right, down) >= 0 && Math.max(right, down) <= 1) return { name, axes, at: [right, 1 - down] };
    }
    return { axes: [] };
  };
  const slider = (name) => spec.controls.findIndex((control) => control.numbers && control.name === name);
  const jumps = (name) => spec.jumps.filter((one) => one.name === name);
  const chosen = ({ axes, at }) =>
    axes.length && axes.every(([name]) => slider(name) >= 0)
      ? axes.map(([name, low, high], side) => {
          const { numbers } = spec.controls[slider(name)];
          return [slider(name), nearest(numbers, low + (high - low) * at[side])];
        })
      : null;
  let held = -1;
  draggable(
    picture,
    () => on.at()[held],
    (to) => on.move(held, to),
    (event) => (held = slider(under(event).name)) >= 0,
  );
  picture.addEventListener("pointermove", (event) => {
    if (event.buttons) return;
    const place = under(event);
    const clicked = jumps(place.name).length ? "pointer" : chosen(place) ? "crosshair" : "";
    picture.style.cursor = slider(place.name) >= 0 ? "ew-resize" : clicked;
  });
  picture.addEventListener("dragstart", (event) => event.preventDefault()); // an image would be carried away
  picture.addEventListener("click", (event) => {
    const place = under(event);
    const there = jumps(place.name);
    if (!there.length) return chosen(place) && on.jump(chosen(place));
    const here = there.findIndex((one) => one.to.every(([control, to]) => on.at()[control] === to));
    on.jump(there[(here + 1) % there.length].to); // clicked again: what there is besides
  });
}

// The same by name, for hands that have no mouse.
function listOfJumps(jumps, jump) {
  const input = list(["…", ...jumps.map(({ name, what }) => `${name}, ${what}`)]);
  const row = labelled("Go to", input);
  row.classList.add("ll-jumps");
  input.addEventListener("change", () => input.selectedIndex > 0 && jump(jumps[input.selectedIndex - 1].to));
  const stands = (state) => jumps.findIndex(({ to }) => to.every(([control, option]) => state[control] === option));
  return { row, show: (state) => (input.selectedIndex = stands(state) + 1) };
}

function select(control, on) {
  const input = list(control.texts);
  input.addEventListener("change", () => on.move(input.selectedIndex));
  return { row: labelled(control.label, input), show: (i) => (input.selectedIndex = i) };
}

function checkbox(control, on) {
  const input = element("input", { type: "checkbox" });
  input.addEventListener("change", () => on.move(Number(input.checked)));
  return { row: labelled(control.label, input), show: (i) => (input.checked = i === 1) };
}

function scrubber(control, on) {
  const slider = range(control, on);
  const end = control.texts.length - 1;
  const buttons = element("div", { class: "ll-buttons", role: "group", "aria-label": control.label });
  const button = (text, action) => {
    const made = element("button", { type: "button" }, text);
    // A button that cannot act now stays reachable: were it disabled, the focus on it would be lost.
    made.addEventListener("click", () => made.getAttribute("aria-disabled") !== "true" && action());
    buttons.append(made);
    return made;
  };
  const toFirst = button("First", () => on.move(0));
  const back = button("Back", () => on.step(-1));
  const play = button("Play", () => on.play());
  const next = button("Next", () => on.step(1));
  const toLast = button("Last", () => on.move(end));
  play.classList.add("ll-play");
  const row = element("div", { class: "ll-row" });
  row.append(...slider.row.childNodes, buttons);
  return {
    row,
    show(i) {
      slider.show(i);
      for (const b of [toFirst, back]) b.setAttribute("aria-disabled", i === 0);
      for (const b of [next, toLast]) b.setAttribute("aria-disabled", i === end);
    },
    playing: (is) => (play.textContent = is ? "Pause" : "Play"),
  };
}
