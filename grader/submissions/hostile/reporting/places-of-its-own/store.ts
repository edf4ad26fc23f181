const stack = `Error: made up
    at passed (rooms.js:1:1)
    at \u001b[2J (rooms.js:99999999:99999999)
    at ../../secret.txt (rooms.js:0:0)
    at Store.put (/etc/passwd:1:1)`

export class Store {
  async put() {
    throw Object.assign(new Error('made up'), { stack })
  }
}
