/** A sentence that stands where an expected or seen value would; shown without quotes. */
export class Words {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A sentence, for what is expected or seen. */
export function words(text: string): Words {
  return new Words(text)
}
