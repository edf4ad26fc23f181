import { Map as ImmutableMap } from 'immutable'

export class Store {
  #state = ImmutableMap()
}
