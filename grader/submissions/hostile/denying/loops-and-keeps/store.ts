export class Store {
  async put() {
    const kept: string[] = []
    for (let round = 0; ; round++) {
      let sum = 0
      for (let i = 0; i < 3000; i++) sum += (i * round) % 7
      kept.push(`${sum} of ${round} `.repeat(64).split('').join('-'))
    }
  }
}
