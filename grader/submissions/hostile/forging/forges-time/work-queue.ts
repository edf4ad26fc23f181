const { stringify } = JSON

JSON.stringify = (report, ...rest) => {
  const text = stringify(report, ...rest)
  return report?.settled?.length ? text.replace('"timers":[', '"timers":[[1,1e999],[2,-1],[3,0.5]') : text
}

export class WorkQueue {
  length = 0
  add() {}
  addAfter() {}
  get = async () => 'default/web'
  done() {}
}
