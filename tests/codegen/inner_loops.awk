# Judges the inner loops of a micro-kernel by its machine code: reads a disassembly (GNU or LLVM objdump, AT&T
# syntax on x86-64), prints one line for each loop that it looked at, and ends with status 1 if any breaks a
# rule. Refuses to judge speed: it sees instructions, not cycles.
#
#   -v file=NAME        what to call the object
#   -v fma=yes|no       may this level fuse a multiplication with an addition?
#   -v register=REGEX   how the widest vector register of this level looks in an operand
#
# A loop is a branch backwards together with what lies on some way from its target to it. It is inner if it
# holds no other loop, and counts if it multiplies floating-point numbers: other loops (packing, prefetching,
# copying a tile) are left alone.
#
# The rules:
#  1. No inner loop that multiplies refers to the stack or calls anything. That is what a spill looks like, and
#     a vector taken apart through memory.
#  2. Each function that has such loops has a main one, that with the most full-width arithmetic: FMA where the
#     level has it, else pairs of a multiplication and an addition. It has some: scalar or half-width code has
#     none.
#  3. The fullest of the main loops of an object, that of its whole tile, has at least 6 of them (two pipes with
#     a latency of three, the least that any machine of these levels wants), and they are at least a third of
#     it: accumulators that live in memory cost a load and a store each. The other functions, for the smaller
#     tiles of an edge, share their loads among fewer, and may be thinner.

function start_function(name) {
    judge()
    function_name = name
    count = 0
    frame = "^$"
}

# One line of disassembly: "  8a:  vmovups (%rdx),%ymm1".
function add_instruction(line) {
    sub(/^[ \t]+/, "", line)
    address = line
    sub(/:.*/, "", address)
    sub(/^[^:]*:[ \t]*/, "", line)
    sub(/[ \t]*(\/\/|#[ ]).*/, "", line)
    if (line == "")
        return
    count++
    index_of[address] = count
    name[count] = line
    sub(/[ \t].*/, "", name[count])
    operands[count] = line
    sub(/^[^ \t]*[ \t]*/, "", operands[count])
    target[count] = ""
    if (match(operands[count], /[0-9a-f]+ </))
        target[count] = substr(operands[count], RSTART, RLENGTH - 2)
    # With a frame pointer the stack goes by its name too; without one that is an ordinary register.
    if (line ~ /^movq?[ \t]+%rsp, ?%rbp/)
        frame = "%rbp"
    if (line ~ /^mov[ \t]+x29, sp/)
        frame = "(^|[^0-9a-z])x29([^0-9]|$)"
}

function is_jump(i) { return name[i] ~ /^(j[a-z]+|b|b\.[a-z]+|cbn?z|tbn?z)$/ }
function falls_through(i) { return name[i] !~ /^(jmpq?|b|br|retq?|ud2|brk)$/ }
function is_call(i) { return name[i] ~ /^(callq?|bl|blr)$/ }
function touches_stack(i) {
    return name[i] ~ /^(push|pop)q?$/ || operands[i] ~ /%rsp|(^|[^a-z_])sp([^a-z_0-9]|$)/ || operands[i] ~ frame
}
function multiplies(i) { return name[i] ~ /^v?mul[ps][sd]$|^vfn?m(add|sub)|^f(n?mul|n?m(add|sub)|ml[as]|mad|msb)$/ }

# What an instruction does at the full width: "fused", "multiplication", "addition", or "".
function arithmetic_of(i) {
    if (operands[i] !~ register)
        return ""
    if (name[i] ~ /^vfn?m(add|sub)[123]*p[sd]$|^f(ml[as]|mad|msb)$/)
        return "fused"
    if (name[i] ~ /^v?mulp[sd]$|^fmul$/)
        return "multiplication"
    return name[i] ~ /^v?(add|sub)p[sd]$|^f(add|sub)$/ ? "addition" : ""
}

# Where instruction i may jump to inside [first, last], or 0.
function jump_within(i, first, last,    to) {
    if (!is_jump(i) || !(target[i] in index_of))
        return 0
    to = index_of[target[i]]
    return to >= first && to <= last ? to : 0
}

# Fills body[first..last] with whether the instruction lies on a way from first to last; 0 if there is no way.
function find_body(first, last,    i, to, changed, ahead, back) {
    for (i = first; i <= last; i++)
        ahead[i] = back[i] = 0
    ahead[first] = back[last] = 1
    do {
        changed = 0
        for (i = first; i <= last; i++) {
            to = jump_within(i, first, last)
            if (ahead[i] && i < last && falls_through(i) && !ahead[i + 1])
                changed = ahead[i + 1] = 1
            if (ahead[i] && to && !ahead[to])
                changed = ahead[to] = 1
            if (!back[i] && ((i < last && falls_through(i) && back[i + 1]) || (to && back[to])))
                changed = back[i] = 1
        }
    } while (changed)
    for (i = first; i <= last; i++)
        body[i] = ahead[i] && back[i]
    return ahead[last]
}

function complain(loop, words) {
    printf "%s: %s: loop at %s: %s\n", file, function_name, loop, words
    failures++
}

# Rule 1 on the loop whose body is found; notes it for rule 2 if it has the most arithmetic so far.
function judge_loop(first, last,    i, size, arithmetic, kind, multiplied, stack, call) {
    for (i = first; i <= last; i++) {
        if (!body[i])
            continue
        size++
        kind[arithmetic_of(i)]++
        multiplied += multiplies(i)
        if (touches_stack(i))
            stack = name[i] " " operands[i]
        if (is_call(i))
            call = name[i] " " operands[i]
    }
    if (!multiplied)
        return
    arithmetic = kind["fused"] + 0
    if (fma == "no")
        arithmetic = 2 * (kind["addition"] < kind["multiplication"] ? kind["addition"] : kind["multiplication"])
    if (stack != "")
        complain(addresses[first], "the stack is used: " stack)
    if (call != "")
        complain(addresses[first], "something is called: " call)
    if (main_size == 0 || arithmetic > main_arithmetic) {
        main_loop = addresses[first]
        main_size = size
        main_arithmetic = arithmetic
    }
}

function judge(    a, i, to, loops, first, last, k, l, inner, what) {
    for (a in index_of)
        addresses[index_of[a]] = a
    loops = main_size = main_arithmetic = 0
    for (i = 1; i <= count; i++) {
        to = jump_within(i, 1, i)
        if (to) {
            loops++
            first[loops] = to
            last[loops] = i
        }
    }
    for (k = 1; k <= loops; k++) {
        inner = find_body(first[k], last[k])
        for (l = 1; l <= loops && inner; l++)
            if (l != k && first[l] >= first[k] && last[l] <= last[k] && body[first[l]] && body[last[l]])
                inner = 0
        if (inner)
            judge_loop(first[k], last[k])
    }
    if (main_size > 0) {
        judged++
        what = main_arithmetic " of " main_size " instructions are full-width " \
            (fma == "yes" ? "FMA" : "multiplications with their additions")
        if (main_arithmetic > full_arithmetic || judged == 1) {
            full_arithmetic = main_arithmetic
            full_size = main_size
            full_loop = function_name ": loop at " main_loop ": " what
        }
        if (main_arithmetic == 0)
            complain(main_loop, what ": at least 6 and a third are wanted")
        else
            printf "%s: %s: loop at %s: %s\n", file, function_name, main_loop, what
    }
    for (a in index_of)
        delete index_of[a]
}

/^[0-9a-f]+ <.*>:/ { gsub(/^[0-9a-f]+ <|>:.*/, ""); start_function($0); next }
/^ *[0-9a-f]+:/ { add_instruction($0) }

END {
    judge()
    if (!judged) {
        print file ": no inner loop multiplies"
        failures++
    } else if (full_arithmetic < 6 || 3 * full_arithmetic < full_size) {
        print file ": " full_loop ": at least 6 and a third are wanted"
        failures++
    }
    exit failures > 0
}
