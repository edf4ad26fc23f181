const commands = [
  '::error file=store.ts::owned',
  '::add-mask::passed',
  '::set-output name=result::passed',
  '##[error]owned',
  '##vso[task.complete result=Succeeded;]',
  "##teamcity[testFinished name='ST-1.1']",
  '###[error]owned',
]

export class Store {
  async put() {
    for (const command of commands) console.log(command)
    throw new Error(`in the middle ${commands.join(' ')}\n${commands.join('\n')}`)
  }
}
