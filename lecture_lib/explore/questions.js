// The browser's half of questions; shared.js stands before it.
//
// The browser does not know which option is right before one is committed to: Python reveals it then.
function questions(model) {
  const spec = model.get("spec");

  function view(el) {
    const root = element("div", { class: "ll-question", role: "group", "aria-label": spec.title });
    root.append(element("p", { class: "ll-title" }, spec.title));
    const asked = spec.questions.map((question, q) => ask(question, q));
    asked.forEach((one) => root.append(one.fieldset));
    keepKeys(root);
    const reveal = () => asked.forEach((one, q) => one.reveal(model.get("revealed")[q]));
    model.on("change:revealed", reveal);
    reveal();
    el.append(root);
    return () => model.off("change:revealed", reveal);
  }

  function ask(question, q) {
    const name = fresh("ll-question");
    const fieldset = element("fieldset");
    const legend = element("legend");
    legend.innerHTML = question.prompt;
    fieldset.append(legend);
    const options = question.options.map((text, o) => {
      const id = `${name}-${o}`;
      const row = element("div", { class: "ll-option" });
      const radio = element("input", { type: "radio", id, name, value: o });
      const label = element("label", { for: id });
      label.innerHTML = text;
      row.append(radio, label);
      fieldset.append(row);
      return { row, radio };
    });
    const commit = element("button", { type: "button", class: "ll-commit" }, "Commit to this answer");
    const said = element("p", { class: "ll-said", role: "status", tabindex: -1 });
    fieldset.append(commit, said);
    let done = false;
    let mine = false;

    commit.addEventListener("click", () => {
      const chosen = options.findIndex(({ radio }) => radio.checked);
      if (chosen < 0) {
        said.textContent = "Choose one of the answers first.";
        return;
      }
      mine = true;
      setTimeout(() => {
        if (!done) said.textContent = "Python has not answered. Is another cell running, or was Python stopped?";
      }, PATIENCE);
      try {
        model.send({ question: q, option: chosen });
      } catch {
        said.textContent = "Python was stopped. Run the notebook from the top again.";
      }
    });

    function reveal(answer) {
      if (!answer || done) return;
      done = true;
      fieldset.classList.add("ll-done");
      options.forEach(({ row, radio }, o) => {
        const right = o === answer.right;
        const chosen = o === answer.chosen;
        radio.checked = chosen;
        radio.disabled = true;
        row.classList.toggle("ll-right", right);
        row.classList.toggle("ll-chosen", chosen);
        const mark = [right && "✓ right", chosen && "your answer"].filter(Boolean).join(", ");
        if (mark) row.append(element("span", { class: "ll-mark" }, mark));
        const details = element("details");
        details.append(element("summary", {}, right ? "Why this is right" : "Why not this one?"));
        const text = element("p");
        text.innerHTML = answer.explanations[o];
        details.append(text);
        details.open = chosen;
        row.append(details);
      });
      commit.remove();
      options[0].row.before(said); // so that Tab goes on from it to the explanations
      said.textContent = answer.chosen === answer.right ? "That is right." : "Not that one. The right answer is marked.";
      if (mine) said.focus();
    }
    return { fieldset, reveal };
  }

  return { view };
}

export default widget(questions);
