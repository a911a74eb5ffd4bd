# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_statuslist_global_optspecs
    string join \n json q/quiet color= config= now= h/help V/version
end

function __fish_statuslist_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_statuslist_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_statuslist_using_subcommand
    set -l cmd (__fish_statuslist_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c statuslist -n "__fish_statuslist_needs_command" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_needs_command" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_needs_command" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_needs_command" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_needs_command" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_needs_command" -s V -l version -d 'Print version'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "init" -d 'Makes a list file'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "configure" -d 'Changes settings of the series, as a revision'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "allocate" -d 'Hands out unused, unpredictable indexes'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "set" -d 'Changes one status'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "label" -d 'Says of an entry that was handed out what it is called'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "get" -d 'Shows what an entry is, was, and why'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "batch" -d 'Makes many allocations and changes of status, all or nothing'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "sign" -d 'Prints one signed token, and changes nothing'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "publish" -d 'Brings a site up to date'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "check" -d 'Says whether what is published is there, right and fresh, and changes nothing'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "inspect" -d 'Looks at a list file, or at a token that somebody published'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "keygen" -d 'Makes a signing key, and prints its public half as a JWK'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "backup" -d 'Writes a backup of a list file'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "restore" -d 'Makes a backup a list file in use'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "purge" -d 'Removes token ids, groups and notes of lists that hand out no more entries'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "retire" -d 'Closes a list to allocation, and takes it out of publication once every entry has ended'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "roll" -d 'Ends the turns of the lists that hand out entries, and lets the next ones take over'
complete -c statuslist -n "__fish_statuslist_needs_command" -f -a "generate" -d 'Writes the completions, the man pages, and the schema of the settings file'
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l from -d 'Take the settings from this file, - for standard input, or from the files of this folder' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l uri -d 'Publish at this uri, with {n} for the list\'s number, such as `https://example.com/statuslists/{n}.jwt`; other views lie beside it. VIEW=TEMPLATE is for one view. May be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l as -d 'Publish in this form: jwt, cwt, bitstring, statuslist2021, revocationlist2020, oa-ocsp, or `bitstring.suspension` and the like; repeat it, or use commas [default: jwt, or cwt under iso-mdoc]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l profile -d 'Keep to the rules of this use of status lists: ietf, haip, eudi, iso-mdoc or swiss. It cannot be changed later' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l base-url -d 'Without --uri: the part before --path-template' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l path-template -d 'Without --uri: the part behind --base-url' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l bits -d 'Give each entry this many bits: 1, 2, 4 or 8. Suspending needs 2 [default: 1, or 2 with a list of suspensions]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l size -d 'Give each list this many entries: 100k, 1M, 2^20, up to 2^32 [default: 2^17]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l default-status -d 'Give entries this status until another is set; not one that is final [default: valid]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l final -d 'Let no entry leave this status again, or `none`; repeat it, or use commas [default: invalid]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l issuer -d 'Name this issuer in tokens [default: scheme and host of the uri]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l ttl -d 'Let readers keep a copy this long: at most as long as tokens are valid, better half of it, so that there is time for renewal [default: 1h]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l valid-for -d 'Let tokens be valid this long; they are renewed at half of it [default: 7d, or 24h under haip and eudi]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l aggregation-uri -d 'Name this uri in tokens, where a document names all of them; `publish` writes it, if it lies in the site' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l meta -d 'Keep a note in the file, never published; may be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l bound-to -d 'Keep the file for credentials of this type, in a pool of list files [default: for all]. May be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l open -d 'Let this many lists hand out entries at once, by a choice that nobody can predict [default: 1]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l spare -d 'Keep this many lists in reserve: published like the others, they take the turns of lists that are full, and new ones are made for them; 0 ends the series with its last list [default: as many as are open; 0 where a uri does not tell lists apart]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l purpose -d 'With a W3C view that names none: say this of credentials; repeat it, or use commas' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l proof -d 'Secure W3C credentials so [default: ecdsa-jcs-2019 or eddsa-jcs-2022, by the key]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l verification-method -d 'Name this key in proofs [default: what follows from the issuer and the key]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l bit-order -d 'Begin each byte of the two old formats with this bit: msb or lsb [default: msb]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l suspending -d 'Let this status suspend too; repeat it, or use commas' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l message -d 'Say in words what a status means; may be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l blind -d 'Let readers of this view take entries with this status for valid; may be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l seed-file -d 'Derive the secrets of all lists from this one: a file with 32 bytes or 64 hexadecimal digits, - or env:NAME. One such secret serves one series' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l actor -d 'Record who does this [default: user@host]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l op-id -d 'Name this run, so that repeating it changes nothing and gives the first results again' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l note -d 'Record a text with it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l issuer -d 'Name this issuer in tokens' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l ttl -d 'Let readers keep a copy this long: at most as long as tokens are valid, better half of it, so that there is time for renewal' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l valid-for -d 'Let tokens be valid this long; they are renewed at half of it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l aggregation-uri -d 'Name this uri in tokens, where a document names all of them; `none` removes it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l meta -d 'Keep a note in the file, never published; an empty value removes it. May be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l bits -d 'Give each entry more bits: 2, 4 or 8. Indexes and statuses stay, and `publish` writes every list anew; there is no way back' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l add-view -d 'Publish the lists in this form too, at the same indexes; may be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l uri -d 'With --add-view, the uri template of a new view [default: beside the first view]; else that of future lists: those that are there keep their uris. May be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l size -d 'Give future lists this many entries' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l open -d 'Let this many lists hand out entries at once, by a choice that nobody can predict' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l spare -d 'Keep this many lists in reserve: published like the others, they take the turns of lists that are full, and new ones are made for them; 0 ends the series with its last list' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l purpose -d 'With a W3C view that names none: say this of credentials; repeat it, or use commas' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l proof -d 'Secure W3C credentials so [default: ecdsa-jcs-2019 or eddsa-jcs-2022, by the key]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l verification-method -d 'Name this key in proofs [default: what follows from the issuer and the key]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l bit-order -d 'Begin each byte of the two old formats with this bit: msb or lsb [default: msb]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l suspending -d 'Let this status suspend too; repeat it, or use commas' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l message -d 'Say in words what a status means; may be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l blind -d 'Let readers of this view take entries with this status for valid; may be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l bound-to -d 'Keep the file for credentials of this type, in a pool of list files; `none` for all types. May be repeated, and replaces what the file says' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l actor -d 'Record who does this [default: user@host]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l op-id -d 'Name this run, so that repeating it changes nothing and gives the first results again' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l note -d 'Record a text with it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l moved -d 'Let the file hand out entries here and nowhere else: it was moved, and the one that it comes from is gone'
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l anywhere -d 'Let the file hand out entries wherever it is: it travels by design, and only one copy is in use at a time'
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand configure" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l body -d 'Take tokenId, initialStatus and expiresAt, where it has them, from this body of the status-issuer integration guide: a file, or - for standard input' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l for -d 'Say the type of the credentials: of a pool, the list file that is bound to it is used, else one that is for all types; a list file that is bound to others refuses' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l token-id -d 'Record the issuer\'s own name for the credential; each names one entry. May be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l count -d 'Hand out this many entries [default: 1, or one per token id]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l group -d 'Put the entries into a group: all those of one holder, device or batch of copies, which can be set together' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l index -d 'Hand out this entry, and not one that nobody can predict' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l status -d 'Give the entries this status from the start [default: the list\'s default]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l expires-at -d 'Record when the credentials expire; a date means its start, 00:00 UTC' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l keep-until -d 'Keep the statuses until then, longer than the expiry says; a date means its start, 00:00 UTC' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l claim -d 'Print only what a credential embeds, as JSON, one line per entry; CBOR in hexadecimal digits' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l list -d 'Take entries of this list of the series [default: those that are open]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l document-hash -d 'Record the hash of the document (its target hash), for view oa-ocsp; each is for one entry. May be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l document-path -d 'Record a hash on the way from the documents to the root of their Merkle tree, or the root: those that readers compute, not the siblings that they compute them from. May be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l actor -d 'Record who does this [default: user@host]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l op-id -d 'Name this run, so that repeating it changes nothing and gives the first results again' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l note -d 'Record a text with it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l allow-past -d 'Let --expires-at and --keep-until lie in the past'
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l or-existing -d 'For a token id that has an entry: print that entry, and hand out none'
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l require-published -d 'Hand out no entry of a list that no site is known to have'
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand allocate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l body -d 'Take status, reason and revokedAt from this body of the status-issuer integration guide: a file, or - for standard input' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l reason -d 'Record why: a name or number of RFC 5280 (keyCompromise, superseded …), or a short form of easy-rsa (kc, ss …). Other words become the note, before --note, of reason unspecified' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l revoked-at -d 'Record since when the status holds in fact' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l if -d 'Change it only if it has this status now; else exit with 1' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l publish -d 'Publish the list file afterwards, as publish does by the settings and variables: at once, or with =if-due what the policy says is due' -r -f -a "now\t'At once'
if-due\t'When the policy says that it is due'"
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l list -d 'Count bare indexes in this list of the series' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l actor -d 'Record who does this [default: user@host]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l op-id -d 'Name this run, so that repeating it changes nothing and gives the first results again' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l note -d 'Record a text with it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l allow-final -d 'Let the entry leave a final status'
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l token-id -d 'Record the issuer\'s own name for the credential, which no other entry has' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l group -d 'Put the entry into a group: all those of one holder, device or batch of copies' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l expires-at -d 'Record when the credential expires; a date means its start, 00:00 UTC' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l list -d 'Count bare indexes in this list of the series' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l actor -d 'Record who does this [default: user@host]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l op-id -d 'Name this run, so that repeating it changes nothing and gives the first results again' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l note -d 'Record a text with it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l allow-past -d 'Let the expiry lie in the past'
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand label" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -l at -d 'Show what it was at this time; for a date, at its start, with every change of that day. A date on which the status changed is no answer for --is' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -l is -d 'Exit with 1 unless every entry has this status' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -l list -d 'Count bare indexes in this list of the series' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -l history -d 'Show every change'
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l input -d 'The form of the operations [default: recognised by the first line]' -r -f -a "jsonl\t'JSON Lines: one operation per line'
json\t'One JSON document: an object or an array'
csv\t'Comma-separated values with a header'
entries\t'One ENTRY per line, all set to --status'"
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l status -d 'Give this status where a line names none' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l reason -d 'Record this reason where a line names none; other words than those of RFC 5280 become a note' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l claim -d 'Print what a credential embeds in this form with each entry that is handed out, as `claims`; repeat it, or use commas' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l list -d 'Count bare indexes in this list of the series, and take entries of it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l for -d 'Say the type of the credentials that lines allocate for: of a pool, the list file that is bound to it is used, else one that is for all types; a list file that is bound to others refuses' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l publish -d 'Publish the list file afterwards, as publish does by the settings and variables: at once, or with =if-due what the policy says is due' -r -f -a "now\t'At once'
if-due\t'When the policy says that it is due'"
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l actor -d 'Record who does this [default: user@host]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l op-id -d 'Name this run, so that repeating it changes nothing and gives the first results again' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l note -d 'Record a text with it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l skip-invalid -d 'Apply the lines without a fault, report the others, and exit with 5'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l or-existing -d 'For token ids that have an entry: print that entry, and hand out none'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l allow-final -d 'Let entries leave a final status'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l allow-past -d 'Let expiresAt lie in the past'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l require-published -d 'Hand out no entry of a list that no site is known to have'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l csv -d 'Print results as CSV and not as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l per-file -d 'Of a pool: apply the lines of each list file by themselves, report those that were not changed, and exit with 5 if there are any; repeat it with the same --op-id to complete it'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand batch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l as -d 'The form of the token [default: the first view of the series]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l list -d 'The number of the list [default: the only one]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -s o -l output -d 'Write it to this file and not to standard output' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l key -d 'Sign with this private key: a PEM or JWK file, - for standard input, or env:NAME' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l signer-command -d 'Have this shell command sign what it reads, and print the signature, within --wait; --key is the public key' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l kid -d 'Name the key so in the token [default: the JWK\'s kid, else the key\'s RFC 7638 thumbprint]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l alg -d 'Refuse a key that signs with another algorithm than this: ES256, ES384, ES512 or EdDSA' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l cert -d 'Put the key\'s certificates into the token: a PEM file, the key\'s own first, then its issuers' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l eku -d 'Refuse a certificate without this extended key usage' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l ttl -d 'Let readers keep a copy this long, better at most half of the validity [default: as the list file says]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l valid-for -d 'Let the token be valid this long [default: as the list file says]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l prepare -d 'Sign nothing: print what is to be signed, and write to this file what --attach needs; --key is the public key' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l attach -d 'Complete what --prepare wrote to this file with a signature that --key, the public key, verifies' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l signature -d 'The signature for --attach: a file, or - for standard input; raw (r and s) or DER' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l to -d 'The site: a folder, made if it is missing' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l base-url -d 'The uri that the site\'s root has [default: scheme and host of each uri]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l as -d 'Publish only this view; repeat it, or use commas' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l live-timeout -d 'With --live: the most time that the hosts may take, all answers together' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l drop-key -d 'Take this key out of the site at once, by its kid or thumbprint, and replace what it signed' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l strategy -d 'Publish changes by this strategy [default: on-demand]: on-demand, periodic, batched, hybrid' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l periodic-interval -d 'Publish changes at most so often, by strategy periodic or hybrid [default: 5m]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l batch-window -d 'Collect changes for so long, by strategy batched [default: 1m]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l max-batch-size -d 'Wait no longer once so many changes are collected, by strategy batched [default: 1000]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l urgent-status -d 'Publish changes to these statuses at once, by strategy hybrid [default: invalid]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l renew-before -d 'Renew tokens so long before their end [default: half of their validity]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l host -d 'Write the settings of this host too (types, CORS, caching): nginx, apache, caddy, netlify, cloudflare-pages, azure-static-web-apps, s3, github-pages, gitlab-pages' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l host-config -d 'Write them to this file, which nobody else may have written [default: into the site, where the host looks for them there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l max-inflated -d 'Refuse lists that inflate to more bytes than this' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l key -d 'Sign with this private key: a PEM or JWK file, - for standard input, or env:NAME' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l signer-command -d 'Have this shell command sign what it reads, and print the signature, within --wait; --key is the public key' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l kid -d 'Name the key so in the token [default: the JWK\'s kid, else the key\'s RFC 7638 thumbprint]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l alg -d 'Refuse a key that signs with another algorithm than this: ES256, ES384, ES512 or EdDSA' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l cert -d 'Put the key\'s certificates into the token: a PEM file, the key\'s own first, then its issuers' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l eku -d 'Refuse a certificate without this extended key usage' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l ttl -d 'Let readers keep a copy this long, better at most half of the validity [default: as the list file says]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l valid-for -d 'Let the token be valid this long [default: as the list file says]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l renew -d 'Write every token anew, due or not'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l if-due -d 'Write only what the policy says is due ([regeneration] in the settings; without one, every change is)'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l live -d 'Ask the hosts of the uris what is published: into an empty folder, take all of it over and write what is to change; into a folder that has a site, publish nothing older than that'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l new-site -d 'The site is a new one: publish a list file into an empty folder although it was published before, or is a copy, so that nothing can tell whether it is the newest'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l allow-rollback -d 'Replace what is there even if it is newer, or of another history'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l unrevoke -d 'With --allow-rollback: let entries leave a final status too, as none may otherwise'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l new-key -d 'Replace what another key signed, though it was not announced'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l enveloped -d 'Write W3C credentials in JWTs and COSE messages also in an envelope, as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l prune -d 'Remove the files of retired lists that were published from these list files'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l exit-code -d 'With -n: exit with 1 if something would be done'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l page -d 'Write a page for people too, index.html: what is published, until when, and how to check it'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand publish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l to -d 'The site of the list files: a folder' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l base-url -d 'The uri that the site\'s root has [default: scheme and host of each uri]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l fail-on -d 'Fail from this level on: due, expiring or expired' -r -f -a "due\t'Something is to be done'
expiring\t'It should have been done'
expired\t'It is too late'"
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l max-latency -d 'Fail if a change waits to be published for longer than this [default: 24h under profile eudi]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l cert-days -d 'Call a certificate expiring for so many days before its end [default: 30, or a quarter of its validity if that is less]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l timeout -d 'Wait for one uri no longer than this' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l max-time -d 'Wait for all uris together no longer than this' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l metrics-file -d 'Write metrics to this file as well, whole, for a collector of text files; not into a site' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l html -d 'Write an overview of list files to this page as well: use, tokens, what is to be done, and what was done by day. It is private, and may not lie in a site' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l strategy -d 'Publish changes by this strategy [default: on-demand]: on-demand, periodic, batched, hybrid' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l periodic-interval -d 'Publish changes at most so often, by strategy periodic or hybrid [default: 5m]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l batch-window -d 'Collect changes for so long, by strategy batched [default: 1m]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l max-batch-size -d 'Wait no longer once so many changes are collected, by strategy batched [default: 1000]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l urgent-status -d 'Publish changes to these statuses at once, by strategy hybrid [default: invalid]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l renew-before -d 'Renew tokens so long before their end [default: half of their validity]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l max-inflated -d 'Refuse lists that inflate to more bytes than this' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l key -d 'Check the signature with this public key: a PEM or JWK file, or env:NAME' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l jwks -d 'Check the signature with the keys of this JWK set' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l trust -d 'Check the signature with the certificate that the token brings, if it leads to one of these trust anchors: a PEM file; with --key or --jwks both must hold' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l eku -d 'Reject a certificate without this extended key usage' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l http -d 'Ask the hosts for each uri; of a folder with a site, below --base-url'
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l metrics -d 'Print metrics for Prometheus in the place of the result. They tell how much was issued'
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l entry -d 'Show this entry: INDEX, or URI#INDEX of the token with that uri; of a list file, every form' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l uri -d 'Check that the token is for this uri, as credentials name it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l profile -d 'Check that the token keeps to the rules of this use of status lists: ietf, haip, eudi, iso-mdoc or swiss' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l purpose -d 'Check that a W3C list is for this: revocation, suspension, refresh or message' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l bit-order -d 'Read the bits of a W3C list in this order, and show the first entries that are set' -r -f -a "msb\t'The most significant bit of a byte first, as the standard says'
lsb\t'The least significant one first, as some lists of before 2023 have it'
both\t'Both, one after the other'"
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l did-document -d 'Check the signature of a W3C credential with the DID document of its issuer' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l max-inflated -d 'Refuse lists that inflate to more bytes than this' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l key -d 'Check the signature with this public key: a PEM or JWK file, or env:NAME' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l jwks -d 'Check the signature with the keys of this JWK set' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l trust -d 'Check the signature with the certificate that the token brings, if it leads to one of these trust anchors: a PEM file; with --key or --jwks both must hold' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l eku -d 'Reject a certificate without this extended key usage' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l audience -d 'Judge as the reader of this name: what its aud does not name is rejected' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l max-age -d 'Reject what was issued longer ago than this' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l at -d 'Reject what does not answer for this past moment: issued later, or expired by then' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand keygen" -l alg -d 'What the key signs with: ES256 (P-256), ES384 (P-384), ES512 (P-521) or EdDSA (Ed25519)' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand keygen" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand keygen" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand keygen" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand keygen" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand keygen" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand keygen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand backup" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand backup" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand backup" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand backup" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand backup" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand backup" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l to -d 'The site where the original was published' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l base-url -d 'The uri that the site\'s root has [default: scheme and host of each uri]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l uri -d 'Publish the new list at this uri, where the series has one without {n}; other views lie beside it. VIEW=TEMPLATE is for one view. May be repeated' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l key -d 'Check the signature with this public key: a PEM or JWK file, or env:NAME' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l jwks -d 'Check the signature with the keys of this JWK set' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l trust -d 'Check the signature with the certificate that the token brings, if it leads to one of these trust anchors: a PEM file; with --key or --jwks both must hold' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l eku -d 'Reject a certificate without this extended key usage' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l max-inflated -d 'Refuse lists that inflate to more bytes than this' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l actor -d 'Record who does this [default: user@host]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l op-id -d 'Name this run, so that repeating it changes nothing and gives the first results again' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l note -d 'Record a text with it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l no-site -d 'The original was never published, or its site is gone'
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l adopt-published -d 'Take over the statuses that the site\'s files show and the backup does not, as far as their signatures verify; final statuses stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l copy -d 'Restore a file that `statuslist backup` did not write: a plain copy of a list file'
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -l list -d 'Only of this list; repeat it, or use commas [default: every list that is full, closed or retired]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -l actor -d 'Record who does this [default: user@host]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -l op-id -d 'Name this run, so that repeating it changes nothing and gives the first results again' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -l note -d 'Record a text with it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -l token-ids -d 'Remove token ids, and with them groups and notes'
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand purge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l list -d 'The number of the list [default: the only one that is in use]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l keep-until -d 'Keep the list until then, for the sake of entries without an expiry; a date means its start, 00:00 UTC' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l actor -d 'Record who does this [default: user@host]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l op-id -d 'Name this run, so that repeating it changes nothing and gives the first results again' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l note -d 'Record a text with it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l allow-past -d 'Let --keep-until lie in the past'
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l due -d 'Retire every closed or full list whose entries have all ended; for timers'
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand retire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -l list -d 'End the turn of this list alone' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -l actor -d 'Record who does this [default: user@host]' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -l op-id -d 'Name this run, so that repeating it changes nothing and gives the first results again' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -l note -d 'Record a text with it' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -l wait -d 'Wait at most this long for another process that holds the file' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -s n -l dry-run -d 'Say what would be done, and do not do it'
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand roll" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c statuslist -n "__fish_statuslist_using_subcommand generate" -l color -d 'Use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR` everywhere'
always\t'Everywhere'
never\t'Nowhere'"
complete -c statuslist -n "__fish_statuslist_using_subcommand generate" -l config -d 'Read settings from this file [default: ./statuslist.toml if it is there]' -r -F
complete -c statuslist -n "__fish_statuslist_using_subcommand generate" -l now -d 'Take this for the current time: RFC 3339, or @ and Unix seconds' -r
complete -c statuslist -n "__fish_statuslist_using_subcommand generate" -l json -d 'Print results and errors as JSON'
complete -c statuslist -n "__fish_statuslist_using_subcommand generate" -s q -l quiet -d 'Print no notes and no progress; results, warnings and errors stay'
complete -c statuslist -n "__fish_statuslist_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
