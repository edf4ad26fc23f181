import { readFileSync } from 'node:fs'

export class Store {
  async put() {
    throw new Error(readFileSync('secret.txt', 'utf8'))
  }
}
