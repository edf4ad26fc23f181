import fs = require('node:fs')

export class Store {
  put = async () => fs.readFileSync('/etc/hosts', 'utf8')
}
