{{/* Passwords and URLs of the servers in the release, as data of a Secret; empty if a password is not known. */}}
{{- define "sentistream.credentials" -}}
{{- $fullname := include "sentistream.fullname" . -}}
{{- $passwords := dict -}}
{{- range $server := list "valkey" "postgresql" -}}
{{- if (index $.Values $server).enabled }}{{ $_ := set $passwords $server (include "sentistream.password" (list $ $server)) }}{{ end -}}
{{- end -}}
{{- if not (has "" (values $passwords)) -}}
{{- with $passwords.valkey }}
valkey-password: {{ . | b64enc }}
redis-url: {{ printf "redis://:%s@%s-valkey:6379/0" (. | urlquery | replace "+" "%20") $fullname | b64enc }}
valkey-auth.conf: {{ printf "requirepass %s\n" (. | quote) | b64enc }}
{{- end }}
{{- with $passwords.postgresql }}
postgresql-password: {{ . | b64enc }}
database-url: {{ printf "postgresql://sentistream:%s@%s-postgresql:5432/sentistream" (. | urlquery | replace "+" "%20") $fullname | b64enc }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* Of a server: the given one, else the one in the Secret, else a new one if the server is new. Empty where the chart is
     rendered without a cluster, whose Secret may have one. Takes (list $ "server"). */}}
{{- define "sentistream.password" -}}
{{- $root := index . 0 -}}
{{- $server := index . 1 -}}
{{- $key := printf "%s-password" $server -}}
{{- $kept := (lookup "v1" "Secret" $root.Release.Namespace (printf "%s-credentials" (include "sentistream.fullname" $root))).data | default dict -}}
{{- $given := (index $root.Values $server).password -}}
{{- if $given -}}
{{- $given -}}
{{- else if hasKey $kept $key -}}
{{- index $kept $key | b64dec -}}
{{- else if $root.Capabilities.APIVersions.Has "v1/Secret" -}}{{/* true only with a cluster */}}
{{- include "sentistream.refuseToReplacePassword" . -}}
{{/* Created once in a rendering: the Secret and the pods' checksum must agree. */}}
{{- if not (hasKey $root.Values "_made") }}{{ $_ := set $root.Values "_made" dict }}{{ end -}}
{{- if not (hasKey $root.Values._made $key) }}{{ $_ := set $root.Values._made $key (randAlphaNum 32) }}{{ end -}}
{{- index $root.Values._made $key -}}
{{- end -}}
{{- end -}}

{{- define "sentistream.refuseToReplacePassword" -}}
{{- $root := index . 0 -}}
{{- $server := index . 1 -}}
{{- $namespace := $root.Release.Namespace -}}
{{- $fullname := include "sentistream.fullname" $root -}}
{{- $name := printf "%s-%s" $fullname $server -}}
{{- $found := "" -}}
{{- if lookup "apps/v1" "StatefulSet" $namespace $name -}}
{{- $found = printf "the StatefulSet %s" $name -}}
{{- else if lookup "v1" "PersistentVolumeClaim" $namespace (printf "data-%s-0" $name) -}}
{{- $found = printf "the volume claim data-%s-0" $name -}}
{{- end -}}
{{- with $found -}}
{{- fail (printf "%s is there, but the Secret %s-credentials has no %s-password, and a new one would lock everybody out: restore the Secret, or give the password by %s.password; docs/operations.md, A lost password, tells where to find it" . $fullname $server $server) -}}
{{- end -}}
{{- end -}}
