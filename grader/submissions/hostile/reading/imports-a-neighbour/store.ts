export { secret, Store } from '../neighbour/store'
