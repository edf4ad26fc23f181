const names = ['__proto__', 'constructor', 'prototype', 'then', 'toString', 'hasOwnProperty', 'status', 'error', 'outcome']
const trap = { value: { polluted: true, outcome: 'passed', modRevision: 2 }, enumerable: true }

export class Store {
  async put(key) {
    if (key.endsWith('1')) return JSON.parse('{ "__proto__": { "modRevision": 2, "createRevision": 2 } }')
    const error = new Error('trapped')
    for (const name of names) Object.defineProperty(error, name, trap)
    throw error
  }
}
