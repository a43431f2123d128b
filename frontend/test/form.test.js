import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical, fingerprint } from "../src/canonical.js";
import { cells, charactersIn, tidy, toSend } from "../src/form.js";

const choice = (word, ask = false, unknown = false) => ({ word, tone: "best", ask, unknown });
const form = {
  title: "评价",
  comment_cap: 10,
  choices: [choice("满意"), choice("不满意", true), choice("不了解情况", false, true)],
  departments: ["d1", "d2"].map((id) => ({
    id,
    name: id,
    questions: id === "d2" ? [{ id: "whole", text: "总体" }] : [],
    sections: [{ id: `${id}s`, name: "科", questions: [{ id: "overall", text: "服务" }], persons: [{ id: `${id}p1`, name: "甲", post: "" }, { id: `${id}p2`, name: "乙", post: "" }] }],
  })),
};

test("cells stand in the order of the form, the department's own questions first", () => {
  assert.deepEqual(cells(form).map((cell) => `${cell.subject}.${cell.question.id}`), ["d1p1.overall", "d1p2.overall", "d2.whole", "d2p1.overall", "d2p2.overall"]);
});

test("only chosen departments, touched persons and comments still asked for are sent", () => {
  const draft = {
    chosen: ["d1"],
    answers: { d1p1: { overall: "不满意" }, d1p2: { overall: "满意" }, d2p1: { overall: "不满意" } },
    comments: { "d1p1|overall": { matter: " 排队\u0007 ", suggestion: "" }, "d1p2|overall": { matter: "改了主意", suggestion: "" }, "d2p1|overall": { matter: "不发", suggestion: "" } },
  };
  assert.deepEqual(toSend(form, draft), {
    answers: { d1p1: { overall: "不满意" }, d1p2: { overall: "满意" } },
    comments: [{ department: "d1", subject: "d1p1", question: "overall", matter: "排队", suggestion: "" }],
  });
});

test("characters are counted as people count them", () => {
  assert.equal(charactersIn([{ matter: "办𠮷", suggestion: "a" }]), 3);
  assert.equal(tidy("一\r\n二\u0000"), "一\n二");
});

test("half an emoji is left out, whole ones stay", () => {
  for (const [typed, sent] of [["好\ud83d", "好"], ["\udc4d好\ud83d\udc4d", "好👍"], ["\ud83d\ud83d\udc4d", "👍"], ["\ud83d", ""]]) assert.equal(tidy(typed), sent);
});

test("the canonical text sorts names, keeps Chinese and escapes as the server does", () => {
  assert.equal(canonical({ b: [true, 1, "引\"号\n\u001f"], a: {} }), '{"a":{},"b":[true,1,"引\\"号\\n\\u001f"]}');
  assert.throws(() => canonical({ a: 1.5 }));
  assert.throws(() => canonical({ a: null }));
});

test("the fingerprint equals the server's for the same form", () => {
  // tests/ballots/test_forms.py holds the same example.
  assert.equal(fingerprint({ survey: "s", keys: [], form: { title: "评价\u2028" } }), "CVAXXDBVTBNF7WYA6VEKB4MZ85");
});
