module blindbook.example

go 1.19
