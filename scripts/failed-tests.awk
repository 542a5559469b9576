# Reads the log of 'dotnet test' and writes a line for each test that failed: its name, where (the first line of code and
# the last of the stack) and what it said.
function flush() {
    if (name != "") print name (first == "" ? "" : " [" first (last == first ? "" : " < " last) "]") ": " text
    name = text = first = last = state = ""
}
function squeezed(line) { gsub(/[ \t]+/, " ", line); sub(/^ /, "", line); sub(/ $/, "", line); return line }

/^failed / {
    flush()
    sub(/^failed /, "")
    sub(/ \([0-9hms ]+\)$/, "")
    name = $0
    state = "message"
    next
}
name != "" && /^[^ ]/ { flush(); next }
state == "message" && /^  from / { next }
(state == "message" || state == "stack") && /^ +(at |--- )/ {
    state = "stack"
    if (match($0, /[^\/\\]+:[0-9]+$/)) {
        last = substr($0, RSTART)
        if (first == "") first = last
    }
    next
}
state == "message" { text = squeezed(text " " $0); sub(/^Xunit[.A-Za-z]*XunitException: /, "", text); next }
state == "stack" { state = "rest" }
END { flush() }
