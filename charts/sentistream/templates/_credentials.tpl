{{/* Passwords and URLs of the servers in the release. A password, once made, is read back from the Secret. */}}
{{- define "sentistream.credentials" -}}
{{- $fullname := include "sentistream.fullname" . -}}
{{- $kept := (lookup "v1" "Secret" .Release.Namespace (printf "%s-credentials" $fullname)).data | default dict -}}
{{- if .Values.valkey.enabled }}
{{- $password := include "sentistream.password" (list . "valkey-password" .Values.valkey.password $kept) }}
valkey-password: {{ $password | b64enc }}
redis-url: {{ printf "redis://:%s@%s-valkey:6379/0" ($password | urlquery | replace "+" "%20") $fullname | b64enc }}
valkey-auth.conf: {{ printf "requirepass %s\n" ($password | quote) | b64enc }}
{{- end }}
{{- if .Values.postgresql.enabled }}
{{- $password := include "sentistream.password" (list . "postgresql-password" .Values.postgresql.password $kept) }}
postgresql-password: {{ $password | b64enc }}
database-url: {{ printf "postgresql://sentistream:%s@%s-postgresql:5432/sentistream" ($password | urlquery | replace "+" "%20") $fullname | b64enc }}
{{- end }}
{{- end -}}

{{/* Made once in a rendering: the Secret and the pods' checksum have to agree. */}}
{{- define "sentistream.password" -}}
{{- $root := index . 0 -}}
{{- $key := index . 1 -}}
{{- $given := index . 2 -}}
{{- $kept := index . 3 -}}
{{- if $given -}}
{{- $given -}}
{{- else if hasKey $kept $key -}}
{{- index $kept $key | b64dec -}}
{{- else -}}
{{- if not (hasKey $root.Values "_made") }}{{ $_ := set $root.Values "_made" dict }}{{ end -}}
{{- if not (hasKey $root.Values._made $key) }}{{ $_ := set $root.Values._made $key (randAlphaNum 32) }}{{ end -}}
{{- index $root.Values._made $key -}}
{{- end -}}
{{- end -}}
