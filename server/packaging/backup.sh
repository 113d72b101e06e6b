#!/bin/sh
# Copies the data of Parley, running or stopped, to a directory, and keeps the copies of the last seven days and of the
# last four weeks. Usage: backup DIRECTORY [CONFIG]
set -eu
umask 077

to=$1
config=${2:-/etc/parley/parley.toml}
day=$to/parley-day-$(date +%F).db
week=$to/parley-week-$(date +%G-W%V).db

# Backups must not fill the disk that the server writes to: the copy has to fit in twice. The program says where the
# data is, as it understands its configuration.
settings=$(parley --config "$config" --print-config)
data=$(printf '%s\n' "$settings" | sed -n 's/^#\{0,1\}data = "\(.*\)"$/\1/p' | sed 's/\\\(.\)/\1/g')
size=$(du -sk -- "$data")
needed=$((${size%%[!0-9]*} * 2))
free=$(df -Pk "$to" | awk 'NR == 2 { print $4 }')
if [ "$free" -lt "$needed" ]; then
    echo "backup: $to has $free KB free and $needed are needed: nothing was written" >&2
    exit 1
fi

# Of the sorted names of one kind, all but the last few.
drop_old() {
    find "$to" -maxdepth 1 -name "parley-$1-*.db" | sort -r | tail -n "+$(($2 + 1))" | while read -r old; do
        rm -f -- "$old"
    done
}

rm -rf -- "$to"/parley-day-*.db.partial  # of a run that was cut off
[ -e "$day" ] || parley backup "$day" --config "$config"
[ -e "$week" ] || ln -- "$day" "$week"
drop_old day 7
drop_old week 4
