const markup = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  ']]></failure><testcase name="ST-1.1"/>',
  '&lt;&amp;&#0;',
  '[x](javascript:alert(1)) | `y` | **z**',
  '=HYPERLINK("http://example.org","x")',
  '@SUM(A1:A9)',
  '"; DROP TABLE marks; --',
  '\ufffe\uffff\u0000',
]

export class Store {
  #calls = 0
  async put() {
    if (this.#calls++ === 0) return markup
    throw Object.assign(new Error(markup.join('\n')), { name: markup[0] })
  }
}
