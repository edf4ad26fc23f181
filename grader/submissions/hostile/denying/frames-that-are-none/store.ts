const { stringify } = JSON
JSON.stringify = (value, ...rest) => (value?.[1] === 'go' ? '"go"\n\u0000\u0001GET / HTTP/1.1\n' : stringify(value, ...rest))

export class Store {
  async put() {
    console.log('go')
  }
}
