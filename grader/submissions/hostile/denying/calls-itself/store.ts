function fall() {
  try {
    fall()
  } finally {
    fall()
  }
}

export class Store {
  put = async () => fall()
}
