
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'statuslist' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'statuslist'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'statuslist' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Makes a list file')
            [CompletionResult]::new('configure', 'configure', [CompletionResultType]::ParameterValue, 'Changes settings of the series, as a revision')
            [CompletionResult]::new('allocate', 'allocate', [CompletionResultType]::ParameterValue, 'Hands out unused, unpredictable indexes')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Changes one status')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Shows what an entry is, was, and why')
            [CompletionResult]::new('batch', 'batch', [CompletionResultType]::ParameterValue, 'Makes many allocations and changes of status, all or nothing')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Prints one signed token, and changes nothing')
            [CompletionResult]::new('publish', 'publish', [CompletionResultType]::ParameterValue, 'Brings a site up to date')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Looks at a list file, or at a token that somebody published')
            [CompletionResult]::new('keygen', 'keygen', [CompletionResultType]::ParameterValue, 'Makes a signing key, and prints its public half as a JWK')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Writes a backup of a list file')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Makes a backup a list file in use')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Writes the completions and the man pages')
            break
        }
        'statuslist;init' {
            [CompletionResult]::new('--uri', '--uri', [CompletionResultType]::ParameterName, 'Publish at this uri, with {n} for the list''s number, such as `https://example.com/statuslists/{n}.jwt`; other views lie beside it. VIEW=TEMPLATE is for one view. May be repeated')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Publish in this form: jwt, cwt, bitstring, statuslist2021, revocationlist2020, oa-ocsp, or `bitstring.suspension` and the like; repeat it, or use commas')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Without --uri: the part before --path-template')
            [CompletionResult]::new('--path-template', '--path-template', [CompletionResultType]::ParameterName, 'Without --uri: the part behind --base-url')
            [CompletionResult]::new('--bits', '--bits', [CompletionResultType]::ParameterName, 'Give each entry this many bits: 1, 2, 4 or 8. Suspending needs 2 [default: 1, or 2 with a list of suspensions]')
            [CompletionResult]::new('--size', '--size', [CompletionResultType]::ParameterName, 'Give each list this many entries: 100k, 1M, 2^20, up to 2^32')
            [CompletionResult]::new('--default-status', '--default-status', [CompletionResultType]::ParameterName, 'Give entries this status until another is set')
            [CompletionResult]::new('--final', '--final', [CompletionResultType]::ParameterName, 'Let no entry leave this status again, or `none`; repeat it, or use commas')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Name this issuer in tokens [default: scheme and host of the uri]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'Let readers keep a copy this long [default: 1h]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'Let tokens be valid this long; they are renewed at half of it [default: 7d]')
            [CompletionResult]::new('--aggregation-uri', '--aggregation-uri', [CompletionResultType]::ParameterName, 'Name this uri, where all lists are aggregated, in tokens')
            [CompletionResult]::new('--meta', '--meta', [CompletionResultType]::ParameterName, 'Keep a note in the file, never published; may be repeated')
            [CompletionResult]::new('--seed-file', '--seed-file', [CompletionResultType]::ParameterName, 'Derive the secrets of all lists from this one: a file with 32 bytes or 64 hexadecimal digits, - or env:NAME. One such secret serves one series')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'With a W3C view that names none: say this of credentials; repeat it, or use commas')
            [CompletionResult]::new('--proof', '--proof', [CompletionResultType]::ParameterName, 'Secure W3C credentials so [default: ecdsa-jcs-2019 or eddsa-jcs-2022, by the key]')
            [CompletionResult]::new('--verification-method', '--verification-method', [CompletionResultType]::ParameterName, 'Name this key in proofs [default: what follows from the issuer and the key]')
            [CompletionResult]::new('--bit-order', '--bit-order', [CompletionResultType]::ParameterName, 'Begin each byte of the two old formats with this bit: msb or lsb [default: msb]')
            [CompletionResult]::new('--suspending', '--suspending', [CompletionResultType]::ParameterName, 'Let this status suspend too; repeat it, or use commas')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'Say in words what a status means; may be repeated')
            [CompletionResult]::new('--blind', '--blind', [CompletionResultType]::ParameterName, 'Let readers of this view take entries with this status for valid; may be repeated')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'Record who does this [default: user@host]')
            [CompletionResult]::new('--op-id', '--op-id', [CompletionResultType]::ParameterName, 'Name this run, so that repeating it changes nothing and gives the first results again')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'Record a text with it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;configure' {
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Name this issuer in tokens')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'Let readers keep a copy this long')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'Let tokens be valid this long; they are renewed at half of it')
            [CompletionResult]::new('--aggregation-uri', '--aggregation-uri', [CompletionResultType]::ParameterName, 'Name this uri, where all lists are aggregated, in tokens; `none` removes it')
            [CompletionResult]::new('--meta', '--meta', [CompletionResultType]::ParameterName, 'Keep a note in the file, never published; an empty value removes it. May be repeated')
            [CompletionResult]::new('--add-view', '--add-view', [CompletionResultType]::ParameterName, 'Publish the lists in this form too, at the same indexes; may be repeated')
            [CompletionResult]::new('--uri', '--uri', [CompletionResultType]::ParameterName, 'The uri template of a new view [default: beside the first view]')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'With a W3C view that names none: say this of credentials; repeat it, or use commas')
            [CompletionResult]::new('--proof', '--proof', [CompletionResultType]::ParameterName, 'Secure W3C credentials so [default: ecdsa-jcs-2019 or eddsa-jcs-2022, by the key]')
            [CompletionResult]::new('--verification-method', '--verification-method', [CompletionResultType]::ParameterName, 'Name this key in proofs [default: what follows from the issuer and the key]')
            [CompletionResult]::new('--bit-order', '--bit-order', [CompletionResultType]::ParameterName, 'Begin each byte of the two old formats with this bit: msb or lsb [default: msb]')
            [CompletionResult]::new('--suspending', '--suspending', [CompletionResultType]::ParameterName, 'Let this status suspend too; repeat it, or use commas')
            [CompletionResult]::new('--message', '--message', [CompletionResultType]::ParameterName, 'Say in words what a status means; may be repeated')
            [CompletionResult]::new('--blind', '--blind', [CompletionResultType]::ParameterName, 'Let readers of this view take entries with this status for valid; may be repeated')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'Record who does this [default: user@host]')
            [CompletionResult]::new('--op-id', '--op-id', [CompletionResultType]::ParameterName, 'Name this run, so that repeating it changes nothing and gives the first results again')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'Record a text with it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;allocate' {
            [CompletionResult]::new('--token-id', '--token-id', [CompletionResultType]::ParameterName, 'Record the issuer''s own name for the credential; each names one entry. May be repeated')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Hand out this many entries [default: 1, or one per token id]')
            [CompletionResult]::new('--index', '--index', [CompletionResultType]::ParameterName, 'Hand out this entry, and not one that nobody can predict')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Give the entries this status from the start [default: the list''s default]')
            [CompletionResult]::new('--expires-at', '--expires-at', [CompletionResultType]::ParameterName, 'Record when the credentials expire')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Print only what a credential embeds, as JSON, one line per entry; CBOR in hexadecimal digits')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Take entries of this list of the series [default: the one that is open]')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'Record who does this [default: user@host]')
            [CompletionResult]::new('--op-id', '--op-id', [CompletionResultType]::ParameterName, 'Name this run, so that repeating it changes nothing and gives the first results again')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'Record a text with it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--or-existing', '--or-existing', [CompletionResultType]::ParameterName, 'For a token id that has an entry: print that entry, and hand out none')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;set' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Record why: a name or number of RFC 5280 (keyCompromise, superseded …), or a short form of easy-rsa (kc, ss …)')
            [CompletionResult]::new('--revoked-at', '--revoked-at', [CompletionResultType]::ParameterName, 'Record since when the status holds in fact')
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Change it only if it has this status now; else exit with 1')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Count bare indexes in this list of the series')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'Record who does this [default: user@host]')
            [CompletionResult]::new('--op-id', '--op-id', [CompletionResultType]::ParameterName, 'Name this run, so that repeating it changes nothing and gives the first results again')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'Record a text with it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--allow-final', '--allow-final', [CompletionResultType]::ParameterName, 'Let the entry leave a final status')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;get' {
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Show what it was at this time; for a date, at its start, with every change of that day')
            [CompletionResult]::new('--is', '--is', [CompletionResultType]::ParameterName, 'Exit with 1 unless every entry has this status')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Count bare indexes in this list of the series')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--history', '--history', [CompletionResultType]::ParameterName, 'Show every change')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;batch' {
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'The form of the operations [default: recognised by the first line]')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Give this status where a line names none')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Record this reason where a line names none')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Count bare indexes in this list of the series, and take entries of it')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'Record who does this [default: user@host]')
            [CompletionResult]::new('--op-id', '--op-id', [CompletionResultType]::ParameterName, 'Name this run, so that repeating it changes nothing and gives the first results again')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'Record a text with it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--skip-invalid', '--skip-invalid', [CompletionResultType]::ParameterName, 'Apply the lines without a fault, report the others, and exit with 5')
            [CompletionResult]::new('--or-existing', '--or-existing', [CompletionResultType]::ParameterName, 'For token ids that have an entry: print that entry, and hand out none')
            [CompletionResult]::new('--allow-final', '--allow-final', [CompletionResultType]::ParameterName, 'Let entries leave a final status')
            [CompletionResult]::new('--csv', '--csv', [CompletionResultType]::ParameterName, 'Print results as CSV and not as JSON Lines')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;sign' {
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'The form of the token [default: the first view of the series]')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'The number of the list [default: the only one]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write it to this file and not to standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write it to this file and not to standard output')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Sign with this private key: a PEM or JWK file, - for standard input, or env:NAME')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'Name the key so in the token [default: the JWK''s kid, else the key''s RFC 7638 thumbprint]')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Refuse a key that signs with another algorithm than this: ES256, ES384, ES512 or EdDSA')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Put the key''s certificates into the token: a PEM file, the key''s own first, then its issuers')
            [CompletionResult]::new('--eku', '--eku', [CompletionResultType]::ParameterName, 'Refuse a certificate without this extended key usage')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'Let readers keep a copy this long [default: as the list file says]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'Let the token be valid this long [default: as the list file says]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;publish' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The site: a folder, made if it is missing')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The uri that the site''s root has [default: scheme and host of each uri]')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'Publish only this view; repeat it, or use commas')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'Refuse lists that inflate to more bytes than this')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Sign with this private key: a PEM or JWK file, - for standard input, or env:NAME')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'Name the key so in the token [default: the JWK''s kid, else the key''s RFC 7638 thumbprint]')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Refuse a key that signs with another algorithm than this: ES256, ES384, ES512 or EdDSA')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Put the key''s certificates into the token: a PEM file, the key''s own first, then its issuers')
            [CompletionResult]::new('--eku', '--eku', [CompletionResultType]::ParameterName, 'Refuse a certificate without this extended key usage')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'Let readers keep a copy this long [default: as the list file says]')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'Let the token be valid this long [default: as the list file says]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--renew', '--renew', [CompletionResultType]::ParameterName, 'Write every token anew, due or not')
            [CompletionResult]::new('--allow-rollback', '--allow-rollback', [CompletionResultType]::ParameterName, 'Replace what is there even if it is newer, or of another history')
            [CompletionResult]::new('--new-key', '--new-key', [CompletionResultType]::ParameterName, 'Replace what another key signed')
            [CompletionResult]::new('--enveloped', '--enveloped', [CompletionResultType]::ParameterName, 'Write W3C credentials in JWTs and COSE messages also in an envelope, as JSON')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;inspect' {
            [CompletionResult]::new('--entry', '--entry', [CompletionResultType]::ParameterName, 'Show this entry: INDEX or URI#INDEX; of a list file, every form')
            [CompletionResult]::new('--uri', '--uri', [CompletionResultType]::ParameterName, 'Check that the token is for this uri, as credentials name it')
            [CompletionResult]::new('--max-inflated', '--max-inflated', [CompletionResultType]::ParameterName, 'Refuse lists that inflate to more bytes than this')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Check the signature with this public key: a PEM or JWK file, or env:NAME')
            [CompletionResult]::new('--jwks', '--jwks', [CompletionResultType]::ParameterName, 'Check the signature with the keys of this JWK set')
            [CompletionResult]::new('--audience', '--audience', [CompletionResultType]::ParameterName, 'Judge as the reader of this name: what its aud does not name is rejected')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Reject what was issued longer ago than this')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Reject what does not answer for this past moment: issued later, or expired by then')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;keygen' {
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'What the key signs with: ES256 (P-256), ES384 (P-384), ES512 (P-521) or EdDSA (Ed25519)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;backup' {
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;restore' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The site where the original was published')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'The uri that the site''s root has [default: scheme and host of each uri]')
            [CompletionResult]::new('--uri', '--uri', [CompletionResultType]::ParameterName, 'Publish the new list at this uri, where the series has one without {n}; other views lie beside it. VIEW=TEMPLATE is for one view. May be repeated')
            [CompletionResult]::new('--actor', '--actor', [CompletionResultType]::ParameterName, 'Record who does this [default: user@host]')
            [CompletionResult]::new('--op-id', '--op-id', [CompletionResultType]::ParameterName, 'Name this run, so that repeating it changes nothing and gives the first results again')
            [CompletionResult]::new('--note', '--note', [CompletionResultType]::ParameterName, 'Record a text with it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait at most this long for another process that holds the file')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--no-site', '--no-site', [CompletionResultType]::ParameterName, 'The original was never published, or its site is gone')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do not do it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'statuslist;generate' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Use colour')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read settings from this file [default: ./statuslist.toml if it is there]')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'Take this for the current time: RFC 3339, or @ and Unix seconds')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print results and errors as JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes and no progress; results, warnings and errors stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
