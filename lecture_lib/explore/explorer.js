// The browser's half of explorers; shared.js, controls.js and drawings.js stand before it.
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
  let moved = false; // whether anybody has moved anything here

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
    moved = awake = true;
    goto(at.with ? at.with(control, to) : at.map((old, i) => (i === control ? to : old)));
  }

  // Python has set a value, or tells a page that has just come where the explorer stands.
  function follow({ move: state, greeting }) {
    if (!state || (greeting && moved) || key(state) === key(at)) return;
    moved = true;
    told = key(state);
    goto(state);
  }

  function jump(targets) {
    stop();
    const state = [...at];
    targets.forEach(([control, to]) => (state[control] = to));
    moved = awake = true;
    if (key(state) !== key(at)) goto(state);
  }

  function goto(state) {
    at = state;
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

  // One question at a time: first the wanted picture, then its neighbours. Somebody who waits does not wait for a
  // neighbour first.
  function pump() {
    const wanted = !pictures.has(key(at));
    if (waiting && performance.now() - waiting.since < PATIENCE) {
      waiting.wanted ||= waiting.key === key(at);
      if (!wanted || waiting.wanted) return;
    }
    if (wanted) {
      const chosen = told === key(at); // by Python: to say it again would undo what was chosen there since
      told = key(at);
      ask(at, chosen ? "ahead" : "picture");
    } else if (awake) {
      const ahead = neighbours().find((state) => !pictures.has(key(state)));
      if (ahead) ask(ahead, "ahead");
    }
  }

  function ask(state, want) {
    const question = { key: key(state), since: performance.now(), wanted: key(state) === key(at) };
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

  function receive(answer) {
    follow(answer);
    if (!Array.isArray(answer.at)) return;
    if (waiting?.key === key(answer.at)) waiting = null;
    keep(answer);
    if (key(answer.at) === key(at)) stand();
    pump();
  }

  // Into the cache, its drawings read already.
  function keep(answer) {
    pictures.set(key(answer.at), answer);
    while (pictures.size > KEPT) pictures.delete(pictures.keys().next().value);
    if (answer.html) answer.made = drawings(answer.html, answer.images);
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
        say: (text) => (news.textContent = text),
      }),
    );
    built.forEach((part) => panel.append(part.row));
    const list = spec.jumps.length ? listOfJumps(spec.jumps, jump) : null;
    if (list) panel.append(list.row);
    touchable(picture, spec, {
      places: () => standing.places ?? [],
      at: () => at,
      jump,
      move: (c, to) => (stop(), move(c, to)),
    });
    const reset = element("button", { type: "button", class: "ll-reset" }, "Reset");
    reset.addEventListener("click", () => {
      stop();
      moved = awake = true;
      if (key(at) !== key(first)) goto([...first]);
    });
    (panel.querySelector(".ll-buttons") ?? panel).append(reset);

    const me = {
      controls(state) {
        built.forEach((part, c) => part.show(state[c]));
        list?.show(state);
      },
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
        picture.replaceChildren(answer.made());
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

export default widget(explorer);
