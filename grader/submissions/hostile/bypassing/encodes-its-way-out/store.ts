export { Store } from '#kit/%2e%2e%2f%2e%2e%2fsolutions/store'
