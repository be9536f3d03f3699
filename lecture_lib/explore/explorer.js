// The browser's half of explorers; shared.js stands before it.
//
// Python makes every picture. A state is a list with the number of the chosen option of each control, and the
// same state always has the same picture. So pictures are kept by state, asked for ahead of the key press
// that will want them, and an answer that comes late can never stand where another state is wanted.

const KEPT = 200; // pictures kept in the browser, the longest unused go first

function explorer(model) {
  const spec = model.get("spec");
  const first = spec.controls.map((control) => control.first);
  const pictures = new Map(); // key -> {html, caption} or {error}
  const views = new Set();
  let at = [...first]; // the state that is wanted
  let shown = null; // the key that was answered last
  let standing = spec.picture; // the picture that stands: after an error, the one before
  let told = key(at); // the last state that Python knows was chosen
  let waiting = null; // {key, since}: the one question under way
  let last = { control: 0, by: 1 }; // the move before this one: its like comes next
  let awake = false; // nothing is asked ahead before somebody comes near
  let playing = null; // {control, timer}

  keep(spec.picture);
  model.on("msg:custom", receive);

  function key(state) {
    return state.join(",");
  }

  // The controls call this. All views follow.
  function move(control, to) {
    const count = spec.controls[control].texts.length;
    to = Math.min(Math.max(to, 0), count - 1);
    if (to === at[control]) return;
    last = { control, by: Math.sign(to - at[control]) };
    goto(at.with ? at.with(control, to) : at.map((old, i) => (i === control ? to : old)));
  }

  function goto(state) {
    at = state;
    awake = true;
    if (pictures.get(key(at))?.error) pictures.delete(key(at)); // what failed once may work now
    views.forEach((view) => view.controls(at));
    if (!stand()) views.forEach((view) => view.busy(true));
    pump();
  }

  // Show the wanted state's picture if it is here.
  function stand() {
    const answer = pictures.get(key(at));
    if (!answer) return false;
    pictures.delete(key(at)); // put it last in line for being dropped
    pictures.set(key(at), answer);
    if (shown !== key(at) || answer.error) {
      shown = key(at);
      if (!answer.error) standing = answer;
      views.forEach((view) => view.picture(answer));
    } else {
      views.forEach((view) => view.settled()); // it stood already: nothing is awaited any more
    }
    if (told !== key(at)) send({ at, want: "nothing" });
    told = key(at);
    return true;
  }

  // One question at a time: first the wanted picture, then its neighbours.
  function pump() {
    if (waiting && performance.now() - waiting.since < PATIENCE) return;
    if (!pictures.has(key(at))) {
      told = key(at);
      ask(at, "picture");
    } else if (awake) {
      const ahead = neighbours().find((state) => !pictures.has(key(state)));
      if (ahead) ask(ahead, "ahead");
    }
  }

  function ask(state, want) {
    const question = { key: key(state), since: performance.now() };
    waiting = question;
    send({ at: state, want });
    setTimeout(() => {
      if (waiting === question && !pictures.has(key(at))) views.forEach((view) => view.silence());
    }, PATIENCE);
  }

  function send(message) {
    try {
      model.send(message);
    } catch {
      views.forEach((view) => view.silence());
    }
  }

  async function receive(answer) {
    if (!Array.isArray(answer.at)) return;
    if (waiting?.key === key(answer.at)) waiting = null;
    const ready = keep(answer);
    pump();
    await ready; // a picture that is not decoded yet would blink
    if (key(answer.at) === key(at)) stand();
  }

  // Into the cache, its images read already.
  function keep(answer) {
    pictures.set(key(answer.at), answer);
    while (pictures.size > KEPT) pictures.delete(pictures.keys().next().value);
    if (!answer.html) return Promise.resolve();
    const page = document.createElement("template");
    page.innerHTML = answer.html;
    answer.images = [...page.content.querySelectorAll("img")].map((img) => {
      const image = new Image();
      image.src = img.src;
      return image;
    });
    const decoded = Promise.all(answer.images.map((image) => image.decode().catch(() => {})));
    return Promise.race([decoded, new Promise((done) => setTimeout(done, 200))]);
  }

  // What one more move would want: on along the last control, back, then the other controls.
  function neighbours() {
    const { control, by } = playing ? { control: playing.control, by: 1 } : last;
    const moves = [1, 2, 3, -1].map((n) => [control, n * by]);
    spec.controls.forEach((_, c) => c !== control && moves.push([c, 1], [c, -1]));
    return moves
      .map(([c, by]) => at.map((i, d) => (d === c ? i + by : i)))
      .filter((state) => state.every((i, c) => i >= 0 && i < spec.controls[c].texts.length));
  }

  // Playing: the next step when its time has come and the one before is there to be seen.
  function play(control) {
    const end = spec.controls[control].texts.length - 1;
    stop();
    if (at[control] === end) move(control, 0);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? 2 : 1;
    const timer = setInterval(() => {
      if (shown !== key(at)) return;
      move(control, at[control] + 1);
      if (at[control] === end) stop("Played to the end.");
    }, spec.controls[control].seconds * 1000 * calm);
    playing = { control, timer };
    views.forEach((view) => view.playing(control, "Playing. Press Pause to stop."));
  }

  function stop(news = "Paused.") {
    if (!playing) return;
    clearInterval(playing.timer);
    playing = null;
    views.forEach((view) => view.playing(null, news));
  }

  function wake() {
    awake = true;
    pump();
  }

  function view(el) {
    const root = element("div", { class: "ll-explorer", role: "group", "aria-label": spec.title });
    const heading = element("p", { class: "ll-title" }, spec.title);
    const picture = element("div", { class: "ll-picture" });
    const caption = element("p", { class: "ll-caption ll-unseen", "aria-live": "polite", "aria-atomic": "true" });
    const problem = element("p", { class: "ll-problem", role: "alert" });
    const news = element("p", { class: "ll-unseen", role: "status" });
    const panel = element("div", { class: "ll-controls" });
    // The controls come first: a picture of another height must not move them from under the hand.
    root.append(heading, panel, problem, picture, caption, news);

    const built = spec.controls.map((control, c) =>
      BUILDERS[control.kind](control, {
        move: (to) => (stop(), move(c, to)),
        step: (by) => (stop(), move(c, at[c] + by)),
        play: () => (playing?.control === c ? stop() : play(c)),
      }),
    );
    built.forEach((part) => panel.append(part.row));
    const reset = element("button", { type: "button", class: "ll-reset" }, "Reset");
    reset.addEventListener("click", () => {
      stop();
      if (key(at) !== key(first)) goto([...first]);
    });
    (panel.querySelector(".ll-buttons") ?? panel).append(reset);

    const me = {
      controls: (state) => built.forEach((part, c) => part.show(state[c])),
      busy: (is) => picture.setAttribute("aria-busy", is),
      settled() {
        me.busy(false);
        problem.textContent = "";
      },
      picture(answer) {
        me.settled();
        if (answer.error) {
          problem.textContent = answer.error;
          return; // the picture before stays
        }
        picture.innerHTML = answer.html;
        picture.querySelectorAll("img").forEach((img) => (img.decoding = "sync"));
        caption.textContent = answer.caption;
      },
      silence() {
        problem.textContent =
          "Python has not answered. It may be busy with another cell, or it was stopped: " +
          "then run the notebook from the top again. What is shown is the picture before it.";
      },
      playing(control, text) {
        built.forEach((part, c) => part.playing?.(c === control));
        news.textContent = text;
      },
    };
    for (const near of ["pointerenter", "focusin"]) root.addEventListener(near, wake);
    keepKeys(root);
    me.controls(at);
    me.picture(standing);
    shown ??= key(first);
    if (playing) me.playing(playing.control, "");
    el.append(root);
    views.add(me);
    return () => {
      views.delete(me);
      if (views.size === 0) stop();
    };
  }

  return { view };
}

// ---------------------------------------------------------------- the controls, all native

const BUILDERS = { slider: range, choice: select, toggle: checkbox, steps: scrubber };

function range(control, on) {
  const id = `ll-control-${count++}`;
  const input = element("input", { type: "range", id, min: 0, max: control.texts.length - 1, step: 1 });
  const value = element("span", { class: "ll-value", "aria-hidden": "true" });
  // The widest text keeps its place, so that nothing shifts while the value changes.
  value.style.minWidth = `${Math.max(...control.texts.map((text) => text.length))}ch`;
  const row = element("div", { class: "ll-row" });
  row.append(element("label", { for: id }, control.label), input, value);
  input.addEventListener("input", () => on.move(Number(input.value)));
  return {
    row,
    show(i) {
      input.value = i;
      input.setAttribute("aria-valuetext", control.texts[i]);
      value.textContent = control.texts[i];
    },
  };
}

function select(control, on) {
  const id = `ll-control-${count++}`;
  const input = element("select", { id });
  control.texts.forEach((text, i) => input.append(element("option", { value: i }, text)));
  const row = element("div", { class: "ll-row" });
  row.append(element("label", { for: id }, control.label), input, element("span"));
  input.addEventListener("change", () => on.move(input.selectedIndex));
  return { row, show: (i) => (input.selectedIndex = i) };
}

function checkbox(control, on) {
  const id = `ll-control-${count++}`;
  const input = element("input", { type: "checkbox", id });
  const row = element("div", { class: "ll-row" });
  row.append(element("label", { for: id }, control.label), input, element("span"));
  input.addEventListener("change", () => on.move(Number(input.checked)));
  return { row, show: (i) => (input.checked = i === 1) };
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

export default widget(explorer);
