#compdef lanes
# zsh completions for lanes, written by `lanes completions zsh`.

# The words from here on are a command of the user's, and `:::` and what follows are values for it.
_lanes_words_of_command() {
  if (( ${words[(I):::*]} && ${words[(I):::*]} < CURRENT )); then
    _files
  else
    _normal
  fi
}

@FUNCTIONS@

# Loaded as a function of its own (from a folder of $fpath), or read as a script.
if [[ $funcstack[1] == _lanes ]]; then
  _lanes "$@"
else
  compdef _lanes lanes
fi
