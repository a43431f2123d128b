// Walks the frozen form in its one order; the server and the counting walk it in the same order.
export function cells(form) {
  const found = [];
  form.departments.forEach((department) => {
    department.questions.forEach((question) => found.push({ department, subject: department.id, question }));
    department.sections.forEach((section) =>
      section.persons.forEach((person) =>
        section.questions.forEach((question) => found.push({ department, section, person, subject: person.id, question })),
      ),
    );
  });
  return found;
}

/** Whether units are rated as wholes, by peer group, instead of persons of departments. */
export const judgesUnits = (form) => Boolean(form.groups);

/** The panel in which the holder of a slip gives marks; undefined where voters choose words. */
export function panelOf(page, slip) {
  const key = page.public.keys.find((each) => each.id === slip.key);
  return (page.public.form.panels || []).find((panel) => key && panel.stratum === key.stratum);
}

export const unknownWord = (form) => form.choices.find((choice) => choice.unknown).word;

export const subjectsOf = (department) => department.sections.reduce((sum, section) => sum + section.persons.length, 0);

export const choiceOf = (form, word) => form.choices.find((choice) => choice.word === word);

/** How many questions on a unit have an answer. */
export const answeredOf = (unit, answers) => unit.questions.filter((asked) => (answers[unit.id] || {})[asked.id]).length;

export const answerAt = (answers, cell) => (answers[cell.subject] || {})[cell.question.id];

/** Characters as people count them: code points, not UTF-16 units. */
export const lengthOf = (text) => Array.from(text).length;

/** The question in words: 对其业务办理是否满意？; what is a sentence already stays as it is. */
export function asking(form, cell) {
  const { text } = cell.question;
  if (/[？?。]$|是否|如何|怎/.test(text)) return text;
  const end = form.choices.some((choice) => choice.word === "满意") ? "是否满意？" : "如何评价？";
  return `对${cell.person ? "其" : "本部门"}${text.replace(/评价$/, "")}${end}`;
}

/** Half a character, as a keyboard leaves it that deletes half an emoji. */
const HALVES = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;

/** What the voter wrote, without halves and control characters that no keyboard means. */
export const tidy = (text) =>
  text.replace(HALVES, (found) => (found.length === 2 ? found : "")).replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, "").trim();

/** Answers and comments as they are sent: only departments still chosen, only comments still asked for. */
export function toSend(form, draft) {
  const answers = {};
  const comments = [];
  for (const cell of cells(form)) {
    if (!draft.chosen.includes(cell.department.id)) continue;
    const word = answerAt(draft.answers, cell);
    if (!word) continue;
    (answers[cell.subject] = answers[cell.subject] || {})[cell.question.id] = word;
    const comment = draft.comments[`${cell.subject}|${cell.question.id}`];
    if (!comment || !choiceOf(form, word).ask) continue;
    const matter = tidy(comment.matter || "");
    const suggestion = tidy(comment.suggestion || "");
    if (matter || suggestion) {
      comments.push({ department: cell.department.id, subject: cell.subject, question: cell.question.id, matter, suggestion });
    }
  }
  return { answers, comments };
}

export const charactersIn = (comments) =>
  comments.reduce((sum, comment) => sum + lengthOf(comment.matter) + lengthOf(comment.suggestion), 0);
