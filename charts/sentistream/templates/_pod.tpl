{{/* What every pod has in common. Takes (list $ "component" userID), and last the name of one of several. */}}
{{- define "sentistream.pod" -}}
{{- $root := index . 0 -}}
{{- $me := concat (slice . 0 2) (slice . 3) -}}
{{- $user := index . 2 -}}
{{- with $root.Values -}}
serviceAccountName: {{ include "sentistream.serviceAccountName" $root }}
automountServiceAccountToken: false
# Otherwise Kubernetes would set variables for a service named like the release, which look like settings.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $user }}
  runAsGroup: {{ $user }}
  fsGroup: {{ $user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- if .topologySpread }}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "sentistream.selectorLabels" $me | nindent 8 }}
  {{- end }}
{{- end }}
{{- end -}}
{{- end -}}

{{- define "sentistream.podLabels" -}}
{{ include "sentistream.labels" . }}
{{- with (index . 0).Values.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "sentistream.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* The same for a container whose code `skaffold dev` may replace. */}}
{{- define "sentistream.serviceSecurity" -}}
{{- include "sentistream.containerSecurity" . | replace "readOnlyRootFilesystem: true" (printf "readOnlyRootFilesystem: %t" (not .Values.fileSync)) -}}
{{- end -}}

{{/* Certificates for TLS to external servers: items of volumes and of volumeMounts, or nothing. */}}
{{- define "sentistream.caVolume" -}}
{{- with .Values.certificateAuthority -}}
{{- if .existingSecret -}}
- name: certificate-authority
  secret:
    secretName: {{ .existingSecret }}
    items: [{key: {{ .key | quote }}, path: ca.crt}]
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "sentistream.caMount" -}}
{{- if .Values.certificateAuthority.existingSecret -}}
- {name: certificate-authority, mountPath: /etc/sentistream, readOnly: true}
{{- end -}}
{{- end -}}

{{/* Annotations that restart pods when their Secrets change, and that tell Prometheus where the metrics are. */}}
{{- define "sentistream.serviceAnnotations" -}}
checksum/credentials: {{ include "sentistream.credentials" . | sha256sum }}
{{- if has (include "sentistream.scrape" .) (list "annotations" "both") }}
prometheus.io/scrape: "true"
prometheus.io/port: "9100"
prometheus.io/path: /metrics
{{- end }}
{{- end -}}

{{/* Environment of a Python service. Takes (list $ "component" values settings): its values, of which env and envFrom are
     used, and name: value of what the chart sets. */}}
{{- define "sentistream.environment" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $values := index . 2 -}}
env:
  - name: SENTISTREAM_POD_NAME
    valueFrom: {fieldRef: {fieldPath: metadata.name}}
  - name: SENTISTREAM_REDIS_URL
    valueFrom: {secretKeyRef: {{ include "sentistream.redisKey" $root }}}
  {{- if ne $component "ingester" }}
  - name: SENTISTREAM_DATABASE_URL
    valueFrom: {secretKeyRef: {{ include "sentistream.databaseKey" $root }}}
  {{- end }}
  {{- $own := merge dict ($values.env | default dict) (index . 3) (dict "SENTISTREAM_LOG_LEVEL" $root.Values.logLevel) }}
  {{- with $root.Values.tracing }}
  {{- if and .endpoint (ne $component "upkeep") }}
  {{- $own = merge $own (dict "SENTISTREAM_TRACING_ENDPOINT" .endpoint "SENTISTREAM_TRACING_RATIO" .ratio) }}
  {{- end }}
  {{- end }}
  {{- if has (index . 1) (list "api" "upkeep") }}
  {{- with $root.Values.retention }}
  {{- $own = merge $own (dict
    "SENTISTREAM_RETENTION_POSTS_DAYS" .postsDays
    "SENTISTREAM_RETENTION_FIVE_SECOND_COUNTS_DAYS" .fiveSecondCountsDays
    "SENTISTREAM_RETENTION_MINUTE_COUNTS_DAYS" .minuteCountsDays) }}
  {{- end }}
  {{- end }}
  {{- range $name, $value := $own }}
  - {name: {{ $name }}, value: {{ $value | toString | quote }}}
  {{- end }}
{{- with $values.envFrom }}
envFrom: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "sentistream.redisKey" -}}
{{- if .Values.valkey.enabled -}}
{name: {{ include "sentistream.fullname" . }}-credentials, key: redis-url}
{{- else -}}
{name: {{ .Values.externalRedis.existingSecret | quote }}, key: {{ .Values.externalRedis.urlKey | quote }}}
{{- end -}}
{{- end -}}

{{- define "sentistream.databaseKey" -}}
{{- if .Values.postgresql.enabled -}}
{name: {{ include "sentistream.fullname" . }}-credentials, key: database-url}
{{- else -}}
{name: {{ .Values.externalDatabase.existingSecret | quote }}, key: {{ .Values.externalDatabase.urlKey | quote }}}
{{- end -}}
{{- end -}}
