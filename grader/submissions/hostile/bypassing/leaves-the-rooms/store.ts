export { Store } from '#rooms/../neighbour/store'
