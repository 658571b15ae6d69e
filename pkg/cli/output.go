package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/typeddata"
)

// print writes data: v as JSON, or the table that the rows make.
func (p *program) print(v any, header []any, rows ...[]any) error {
	switch p.global.output {
	case "json":
		data, err := strictjson.Encode(v)
		if err != nil {
			return fmt.Errorf("encoding the answer: %w", err)
		}
		_, err = fmt.Fprintf(p.Stdout, "%s\n", data)
		return err
	case "table":
	default:
		return usage("-o is table or json, not %q", p.global.output)
	}
	w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	if len(header) > 0 && len(rows) > 0 {
		writeRow(w, header)
	}
	for _, r := range rows {
		writeRow(w, r)
	}
	return w.Flush()
}

func writeRow(w *tabwriter.Writer, cells []any) {
	for i, c := range cells {
		if i > 0 {
			_, _ = fmt.Fprint(w, "\t")
		}
		_, _ = fmt.Fprint(w, c)
	}
	_, _ = fmt.Fprintln(w)
}

// showOperation presents what the passkey is about to sign.
func (p *program) showOperation(_ string, words []typeddata.Line) error {
	width := 0
	for _, l := range words {
		width = max(width, len(l.Label))
	}
	p.note("signing:")
	for _, l := range words {
		p.note("  %-*s  %s", width, l.Label, l.Text)
	}
	return nil
}
