# The commands of daily work. `just` lists them; none is needed to use the product.

# the loop, end to end, on the embedded stack
demo:
    go run . demo

# everything that needs only Go and git
test:
    go test ./...

# everything that CI checks, from a clean clone
ci:
    bash .ci/run

# compile the contracts and write artifacts and bindings (needs `npm ci` in solidity/)
contracts:
    go run ./solidity/gen

# figures for docs/benchmarks.md
bench:
    go test -run '^$' -bench . -cpu 2 ./...
