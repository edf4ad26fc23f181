export { Store } from '#kit/../../solutions/store'
