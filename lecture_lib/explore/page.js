// On a page without Python: answers come from what the page carries. The other modules stand before it.

async function unpacked(pack) {
  const stream = new Blob([bytesOf(pack)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const carried = JSON.parse(await new Response(stream).text());
  const text = (numbers) => numbers.map((number) => carried.tags[number]).join("");
  const images = carried.images.map(text);
  for (const answer of carried.answers) Object.assign(answer, { html: text(answer.html), images });
  const first = carried.answers.find((answer) => `${answer.at}` === `${carried.spec.picture?.at}`);
  if (first) carried.spec.picture = first;
  return carried;
}

function modelOf({ spec, answers, revealed }) {
  const listeners = { "msg:custom": new Set(), "change:revealed": new Set() };
  const known = {};
  const byState = new Map(answers.map((answer) => [answer.at.join(","), answer]));
  const tell = (event, message) => queueMicrotask(() => listeners[event].forEach((listener) => listener(message)));
  return {
    get: (name) => (name === "spec" ? spec : known),
    on: (event, listener) => listeners[event].add(listener),
    off: (event, listener) => listeners[event].delete(listener),
    send(message) {
      if (message.want === "greeting") tell("msg:custom", { greeting: true });
      else if (message.at && message.want !== "nothing") tell("msg:custom", byState.get(message.at.join(",")));
      else if ("question" in message) {
        known[message.question] ??= { ...revealed[message.question], chosen: message.option };
        tell("change:revealed");
      }
    },
  };
}

for (const place of document.querySelectorAll(".ll-page[data-pack]")) {
  const pack = place.dataset.pack;
  delete place.dataset.pack; // taken: this script stands after each
  unpacked(pack).then((carried) => {
    const model = modelOf(carried);
    takeOver(model, place, (carried.revealed ? questions : explorer)(model));
  });
}
