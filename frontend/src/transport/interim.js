// The interim ballot (demonstration only): code and answers in one request.
import { postJson } from "../http.js";

export class InterimTransport {
  constructor(page, slip) {
    this.page = page;
    this.slip = slip;
    this.mayChange = false;
  }

  async arrive() {}

  async cast({ answers, comments }) {
    const { tracker } = await postJson(this.page.cast_url, {
      survey: this.page.public.survey,
      key: this.slip.key,
      code: this.slip.code,
      answers,
      comments,
    });
    return { tracker: tracker || "" };
  }
}
