module blindbook.example/tests

go 1.19

require blindbook.example v0.0.0

replace blindbook.example => ../../../protocol/bindings/go
