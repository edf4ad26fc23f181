export { Store } from '#rooms/store'
