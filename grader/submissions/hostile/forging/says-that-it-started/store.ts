const { stringify } = JSON
JSON.stringify = (value, ...rest) => (value === 'go' ? '"go"\ns' : stringify(value, ...rest))

export class Store {
  async put() {
    console.log('go')
  }
}
