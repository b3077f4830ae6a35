{{- define "sentistream.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough that a name with the longest suffix and a pod's hash fits into 63 characters. */}}
{{- define "sentistream.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "sentistream.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "sentistream.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The helpers below take (list $ "component"), or (list $ "ingester" "name") for one of several. */}}
{{- define "sentistream.selectorLabels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "sentistream.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- with rest (rest .) }}
sentistream/{{ index $ 1 }}: {{ first . }}
{{- end }}
{{- end -}}

{{- define "sentistream.labels" -}}
{{- $root := index . 0 -}}
{{ include "sentistream.selectorLabels" . }}
app.kubernetes.io/part-of: sentistream
app.kubernetes.io/version: {{ include "sentistream.tag" $root | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 }}
{{- end -}}

{{- define "sentistream.metadata" -}}
name: {{ include "sentistream.fullname" (index . 0) }}-{{ rest . | join "-" }}
labels:
  {{- include "sentistream.labels" . | nindent 2 }}
{{- end -}}

{{/* Tag of the images. A commit id may have only digits: YAML reads it as a number, which Go would print as 1.234567e+06. */}}
{{- define "sentistream.tag" -}}
{{- $tag := .Values.image.tag -}}
{{- if not (kindIs "string" $tag) -}}
{{- $tag = printf "%.0f" (float64 $tag) -}}
{{- end -}}
{{- $tag | default .Chart.AppVersion -}}
{{- end -}}

{{/* Image of a component. Takes (list $ "component" image); `image` is used if it is not empty. */}}
{{- define "sentistream.image" -}}
{{- $root := index . 0 -}}
{{- $own := index . 2 -}}
{{- if $own -}}
{{- $own -}}
{{- else -}}
{{- with $root.Values.image -}}
{{- with .registry }}{{ . }}/{{ end -}}
{{ .repository }}/{{ index $ 1 }}:{{ include "sentistream.tag" $root }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "sentistream.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "sentistream.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}
