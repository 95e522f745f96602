/** The user does not want to go on, and said so at a prompt. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted at the prompt');
    this.name = 'Interrupted';
  }
}
