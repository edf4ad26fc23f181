const name = 'no-such-file'
const found = import('../../../../../../../../' + name)

export class Store {
  put = () => found
}
