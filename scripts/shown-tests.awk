# Reads what 'dotnet test --output Detailed' prints and leaves out the tests that passed and have nothing to tell.
function flush() {
    if (held ~ /\n  Standard output\n/) printf "%s", held
    held = ""
}

/^[^ ]/ { flush(); passed = /^passed / }
passed { held = held $0 "\n"; next }
{ print; fflush() }
END { flush() }
