package journal

import (
	"context"
	"testing"
)

// TestTogetherSuffices: what is there already is found by the look, in a full chunk
// and in the rest, so that nothing has to be written one by one.
func TestTogetherSuffices(t *testing.T) {
	t.Parallel()
	j, ctx := prepared(t), context.Background()
	w := &job{ctx: ctx}
	var forms []Entry
	for i := some + 5; i > 0; i-- { // ten of them are there: five in the chunk, five behind it
		e, err := named(mine, i).normal()
		if err != nil {
			t.Fatal(err)
		}
		id, err := idBytes(e.Event.ID)
		if err != nil {
			t.Fatal(err)
		}
		forms, w.ids, w.operators = append(forms, e), append(w.ids, id), append(w.operators, mine)
	}
	w.do = func(ctx context.Context, g *group) (refusal, fault error) {
		_, refusal, fault = j.place(ctx, g, forms)
		return refusal, fault
	}
	if err := j.attempt(ctx, []*job{w}, true); err != nil || w.err != nil {
		t.Error(err, w.err)
	}
	sound(t, j, some+5)
}
