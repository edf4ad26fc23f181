import '\u001b[2J\u202e\n::error file=a::owned\n##[error]owned'
import "'); alert(1); ('"
