// What explorers and questions have in common. It stands before each of them: one plain ES module, no build.

const PATIENCE = 5000; // milliseconds without an answer before saying so
// What needs an id: a page may hold this module several times.
const fresh = (name) => `${name}-${(globalThis.lectureIds = (globalThis.lectureIds ?? 0) + 1)}`;

// A loop: Uint8Array.from takes twenty times as long, and a picture is 100 kB.
function bytesOf(base64) {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

// A model may have several views: `make` is called once for it, and gives a function that builds a view.
const widget = (make) => () => {
  let shared = null;
  const of = (model) => (shared ??= make(model));
  return {
    initialize: ({ model }) => {
      hear(model);
      of(model);
    },
    render: ({ model, el }) => takeOver(model, el, of(model)),
  };
};

// anywidget throws away what Python sends to a model that took more than two seconds to start, as it does on a slow
// machine when a whole notebook runs: nothing would ever move. So messages are heard as ipywidgets hears them.
function hear(model) {
  const itself = model.set({}); // Backbone's `set` gives the model that anywidget stands before
  if (!itself?.comm) return; // another host, with messages of its own
  const { _handle_comm_msg: heard } = Object.getPrototypeOf(Object.getPrototypeOf(itself));
  itself.comm.on_msg(heard.bind(itself));
}

// The still picture stands before a view, in an output of its own. It is what a notebook shows that is opened
// without Python, and what a page shows. So the view comes in its place when Python has answered, not before.
function takeOver(model, el, made) {
  const place = element("div");
  place.hidden = true;
  el.append(place);
  const leave = made.view(place);
  let still = null;
  const greeted = (message) => {
    if (!message.greeting) return;
    still ??= stillBefore(el, model.get("spec").title);
    if (still) still.hidden = true;
    place.hidden = false;
  };
  model.on("msg:custom", greeted);
  try {
    model.send({ want: "greeting" });
  } catch {
    // no Python: the still picture stays
  }
  return () => {
    model.off("msg:custom", greeted);
    if (still) still.hidden = false;
    leave();
  };
}

function stillBefore(el, title) {
  const before = (still) => {
    const where = still.compareDocumentPosition(el);
    return where & Node.DOCUMENT_POSITION_FOLLOWING && !(where & Node.DOCUMENT_POSITION_DISCONNECTED);
  };
  const stills = [...document.querySelectorAll(".ll-explorer-still, .ll-question-still")].filter(before);
  return stills.reverse().find((still) => still.querySelector("strong").textContent === title);
}

// JupyterLab listens for plain keys everywhere (arrows leave the cell, d d deletes it). What is typed into a
// control belongs to the control. Shortcuts with Ctrl, Alt or Cmd, Shift+Enter, Escape and Tab pass.
function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (isOurs(event)) event.stopPropagation();
  });
}

function isOurs({ ctrlKey, altKey, metaKey, shiftKey, key }) {
  return !(ctrlKey || altKey || metaKey || (shiftKey && key === "Enter") || key === "Escape" || key === "Tab");
}

// Notebook 7 looks at a key before any element does, and leaves an element alone that is so marked.
if (!globalThis.lectureKeys) {
  globalThis.lectureKeys = true;
  const mark = (event) => {
    const inside = event.target.closest?.(".ll-explorer, .ll-question");
    if (inside) event.target.toggleAttribute("data-lm-suppress-shortcuts", isOurs(event));
  };
  window.addEventListener("keydown", mark, { capture: true });
}

function element(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.textContent = text;
  return made;
}
