// Command hujson is the reference formatter, github.com/tailscale/hujson, as a filter that tests can talk to: each
// line of input is a text in base64; each line of output is "ok" and the formatted text, or "error" and the reason, also
// in base64.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"

	"github.com/tailscale/hujson"
)

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<30)
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	for input.Scan() {
		text, err := base64.StdEncoding.DecodeString(input.Text())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		formatted, err := hujson.Format(text)
		if err != nil {
			formatted = []byte(err.Error())
			fmt.Fprint(output, "error ")
		} else {
			fmt.Fprint(output, "ok ")
		}
		fmt.Fprintln(output, base64.StdEncoding.EncodeToString(formatted))
		output.Flush()
	}
}
