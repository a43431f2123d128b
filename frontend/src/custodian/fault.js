/** What cannot go on, in the user's language: what is wrong, and what to do. */
export class Fault extends Error {}
