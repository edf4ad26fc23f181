import secret from '../secret.txt' with { type: 'json' }

export class Store {
  put = () => secret
}
