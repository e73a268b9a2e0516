// Command kubectl prints every sub-command and flag that the program of that name has, hidden ones
// included, as JSON; tools/command_tables.py makes a table of it.
package main

import (
	"encoding/json"
	"os"
	"sort"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/kubectl/pkg/cmd"
)

func add(out map[string]bool, set *pflag.FlagSet) {
	set.VisitAll(func(f *pflag.Flag) {
		out["--"+f.Name] = true
		if f.Shorthand != "" {
			out["-"+f.Shorthand] = true
		}
	})
}

func walk(c *cobra.Command, path string, out map[string][]string) {
	f := map[string]bool{}
	c.InitDefaultHelpFlag()
	add(f, c.LocalFlags())
	names := []string{}
	for n := range f {
		names = append(names, n)
	}
	sort.Strings(names)
	out[path] = names
	for _, s := range c.Commands() {
		for _, n := range append([]string{s.Name()}, s.Aliases...) {
			p := n
			if path != "" {
				p = path + " " + n
			}
			walk(s, p, out)
		}
	}
}

func main() {
	out := map[string][]string{}
	walk(cmd.NewDefaultKubectlCommand(), "", out)
	json.NewEncoder(os.Stdout).Encode(out)
}
