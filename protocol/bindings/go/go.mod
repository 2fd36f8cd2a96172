module blindbook.example/discover

go 1.19
