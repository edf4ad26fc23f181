export { Store } from '#rooms/somebody-elses-store'
